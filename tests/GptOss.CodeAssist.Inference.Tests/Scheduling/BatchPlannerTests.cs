using CsCheck;
using GptOss.CodeAssist.Inference.Scheduling;

namespace GptOss.CodeAssist.Inference.Tests.Scheduling;

public sealed class BatchPlannerTests
{
    private const int Capacity = 512;

    private static readonly Gen<SlotWork> Work = Gen.Select(
        Gen.Enum<RequestPriority>(), Gen.Long[0, 100], Gen.Bool, Gen.Int[1, 5000],
        (priority, arrival, isAnswering, tokens) => new SlotWork(priority, arrival, isAnswering, isAnswering ? 1 + (tokens % 40) : tokens));

    [Fact]
    public void A_completion_takes_the_batch_from_a_chat_that_is_reading_its_prompt() =>
        Assert.Equal([300, 0], Plan(new BatchPlanner(Capacity), Prompt(RequestPriority.Completion, 300), Prompt(RequestPriority.Chat, 10_000)));

    [Fact]
    public void A_chat_that_is_answering_gets_its_token_beside_a_completion() =>
        Assert.Equal([300, 1], Plan(new BatchPlanner(Capacity), Prompt(RequestPriority.Completion, 300), Answer(RequestPriority.Chat, 9)));

    [Fact]
    public void A_lone_chat_reads_in_patient_chunks_so_that_a_completion_never_waits_long() =>
        Assert.Equal([64], Plan(new BatchPlanner(Capacity), Prompt(RequestPriority.Chat, 10_000)));

    [Fact]
    public void The_older_prompt_of_equal_urgency_goes_first() =>
        Assert.Equal([112, 400], Plan(new BatchPlanner(Capacity), Prompt(RequestPriority.Completion, 400, arrival: 2), Prompt(RequestPriority.Completion, 400, arrival: 1)));

    [Theory]
    [InlineData(100)]
    [InlineData(5000)]
    public void A_chat_comes_to_an_end_under_an_endless_stream_of_completions(int completionTokens)
    {
        var planner = new BatchPlanner(Capacity);
        var left = 10_000;
        var batches = 0;
        while (left > 0)
        {
            left -= Plan(planner, Prompt(RequestPriority.Completion, completionTokens), Prompt(RequestPriority.Chat, left))[1];
            Assert.True(++batches < 1000, $"{left} tokens of the chat are still waiting after {batches} batches.");
        }
    }

    [Fact]
    public void A_batch_never_overflows_and_is_never_empty() =>
        Work.Array[1, 8].Array[1, 20].Sample(rounds =>
        {
            var planner = new BatchPlanner(Capacity);
            foreach (var work in rounds)
            {
                var takes = Plan(planner, work);
                Assert.InRange(takes.Sum(), 1, Capacity);
                Assert.All(takes.Zip(work), pair => Assert.InRange(pair.First, 0, pair.Second.Tokens));
            }
        });

    [Fact]
    public void Every_answer_goes_on_in_every_batch() =>
        Work.Array[1, 8].Sample(work => Assert.All(Plan(new BatchPlanner(Capacity), work).Zip(work), pair => Assert.True(pair.First > 0 || !pair.Second.IsAnswering)));

    private static SlotWork Prompt(RequestPriority priority, int tokens, long arrival = 0) => new(priority, arrival, IsAnswering: false, tokens);

    private static SlotWork Answer(RequestPriority priority, int tokens) => new(priority, 0, IsAnswering: true, tokens);

    private static int[] Plan(BatchPlanner planner, params SlotWork[] work)
    {
        var takes = new int[work.Length];
        planner.Plan(work, takes, patientChunk: 64);
        return takes;
    }
}
