using GptOss.CodeAssist.Inference.Llama.Decoding;

namespace GptOss.CodeAssist.Inference.Llama.Tests.Decoding;

/// <summary>How long drafts are, on machines where a batch of n tokens costs so and so much; no clock is read here.</summary>
public sealed class DraftingTests
{
    private static readonly int[] Source = [.. Enumerable.Range(1, 200)];

    [Fact]
    public void Nothing_is_drafted_before_the_price_of_a_token_is_known() =>
        Assert.Equal(0, new BatchCosts().ChooseLength(0.99, 63));

    [Fact]
    public void The_first_draft_is_short_and_finds_out_what_drafts_cost()
    {
        var costs = new BatchCosts();
        costs.Learn(1, 10);
        Assert.Equal(7, costs.ChooseLength(0.96, 63));
    }

    [Theory]
    [InlineData(0.02, 0.99, 63)]
    [InlineData(0.02, 0.6, 7)]
    [InlineData(0.7, 0.98, 7)]
    [InlineData(0.7, 0.6, 0)]
    [InlineData(1.0, 0.99, 0)]
    public void The_draft_is_as_long_as_its_price_and_its_chances_make_it(double priceOfOneMore, double acceptance, int expected)
    {
        var costs = Learnt(single: 10, tokens => 10 + (10 * priceOfOneMore * (tokens - 1)));
        Assert.Equal(expected, costs.ChooseLength(acceptance, 63));
    }

    [Fact]
    public void A_draft_is_never_longer_than_what_there_is() =>
        Assert.Equal(3, Learnt(single: 10, _ => 10).ChooseLength(0.99, 6));

    [Fact]
    public void Rebuilding_the_graph_is_part_of_the_price()
    {
        var costs = Learnt(single: 10, tokens => 10 + (5 * (tokens - 1)));
        var before = costs.ChooseLength(0.9, 1);
        for (var i = 0; i < 40; i++)
        {
            costs.LearnMixed(2, 15);
            costs.Learn(1, 18);
        }

        Assert.Equal((1, 0), (before, costs.ChooseLength(0.9, 1)));
    }

    [Fact]
    public void One_slow_batch_does_not_end_drafting()
    {
        var costs = Learnt(single: 10, _ => 11);
        costs.Learn(8, 2000);
        Assert.NotEqual(0, costs.ChooseLength(0.96, 7));
    }

    [Fact]
    public void What_did_not_pay_is_tried_again_much_later()
    {
        var costs = Learnt(single: 10, tokens => 10 * tokens);
        var choices = Enumerable.Range(0, 600).Select(_ => costs.ChooseLength(0.96, 63)).ToList();
        Assert.Contains(7, choices);
        Assert.True(choices.FindIndex(choice => choice != 0) > 200);
    }

    [Fact]
    public void The_draft_goes_on_where_the_answer_left_the_source()
    {
        var lookup = new PromptLookup([1, 2, 3, 4, 5, 6, 9, 1, 2, 3, 7, 8, 9, 9, 9, 9]);
        var costs = Learnt(single: 10, _ => 10);

        // Both places match equally; an edit repeats its input in order, so that the first comes first and the second after it.
        Assert.Equal([4, 5, 6], Draft(lookup, costs, [50, 1, 2, 3], limit: 3));
        lookup.Learn(3, 3);
        Assert.Equal([7, 8, 9], Draft(lookup, costs, [4, 5, 6, 77, 1, 2, 3], limit: 3));
    }

    [Fact]
    public void Refused_drafts_make_further_ones_of_such_matches_shorter_and_long_matches_stay_trusted()
    {
        var lookup = new PromptLookup(Source);
        var costs = Learnt(single: 10, tokens => 10 + (2.5 * (tokens - 1)));
        var trusting = Draft(lookup, costs, [500, 11, 12, 13], limit: 63).Count;
        for (var i = 0; i < 10; i++)
        {
            lookup.Learn(Draft(lookup, costs, [500, 11, 12, 13], limit: 63).Count, 0);
        }

        Assert.True(trusting > 0);
        Assert.Empty(Draft(lookup, costs, [500, 11, 12, 13], limit: 63));
        Assert.True(Draft(lookup, costs, [.. Source.AsSpan(0, 40)], limit: 63).Count >= 7);
    }

    [Fact]
    public void Nothing_is_drafted_where_the_source_has_no_such_place() =>
        Assert.Empty(Draft(new PromptLookup(Source), Learnt(single: 10, _ => 10), [5, 4, 3, 2], limit: 63));

    private static List<int> Draft(PromptLookup lookup, BatchCosts costs, int[] history, int limit)
    {
        var draft = new List<int>();
        lookup.Draft(history, limit, costs, draft);
        return draft;
    }

    private static BatchCosts Learnt(double single, Func<int, double> milliseconds)
    {
        var costs = new BatchCosts();
        costs.Learn(1, single);
        foreach (var length in (int[])[1, 3, 7, 15, 31, 63])
        {
            for (var i = 0; i < 40; i++)
            {
                costs.Learn(length + 1, milliseconds(length + 1));
            }
        }

        for (var i = 0; i < 40; i++)
        {
            costs.Learn(1, single);
        }

        return costs;
    }
}
