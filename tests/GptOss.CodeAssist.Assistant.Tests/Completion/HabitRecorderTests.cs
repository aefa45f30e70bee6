using System.Collections.Immutable;
using GptOss.CodeAssist.Assistant.Completion;
using GptOss.CodeAssist.Assistant.Completion.Habits;
using GptOss.CodeAssist.TestSupport;
using Microsoft.CodeAnalysis.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace GptOss.CodeAssist.Assistant.Tests.Completion;

/// <summary>What is counted of suggestions, and what follows from it.</summary>
public sealed class HabitRecorderTests : IDisposable
{
    private const string Path = "/project/File.cs";
    private readonly FakeTimeProvider _time = new();
    private readonly Ledger _ledger = new();
    private readonly HabitRecorder _habits;

    public HabitRecorderTests() => _habits = new HabitRecorder(_ledger, _time);

    [Fact]
    public void A_taken_suggestion_is_counted_with_what_is_left_of_it_after_half_a_minute()
    {
        Offer("1", "Save();");
        _habits.Shown("1");
        _habits.Accepted("1");
        _habits.Accepted("1");
        _habits.Edited(Document("x.Save( );"));
        _time.Advance(TimeSpan.FromSeconds(31));

        Assert.Equal(
            new CompletionCounts("csharp", "model") { Shown = 1, CharactersShown = 7, Accepted = 1, CharactersAccepted = 7, Kept = 1, CharactersKept = 7 },
            _ledger.Sum);
    }

    [Fact]
    public void What_was_deleted_within_half_a_minute_was_not_kept()
    {
        Offer("1", "Save();");
        _habits.Accepted("1");
        _habits.Edited(Document("x."));
        _time.Advance(TimeSpan.FromSeconds(31));

        Assert.Equal((1, 0), (_ledger.Sum.Accepted, _ledger.Sum.Kept));
    }

    [Fact]
    public void A_suggestion_that_was_typed_over_was_rejected_if_there_was_time_to_read_it()
    {
        Offer("1", "Save();");
        _time.Advance(TimeSpan.FromMilliseconds(100));
        Offer("2", "Load();");
        _time.Advance(TimeSpan.FromSeconds(1));
        _habits.Withdrawn(Path);

        Assert.Equal(new CompletionCounts("csharp", "model") { Shown = 1, CharactersShown = 7, Rejected = 1 }, _ledger.Sum);
    }

    [Fact]
    public void Typing_through_a_suggestion_makes_it_no_other_one()
    {
        Offer("1", "Save();");
        _time.Advance(TimeSpan.FromSeconds(1));
        Offer("2", "ve();");
        _habits.PartiallyAccepted("2", 2);
        _habits.PartiallyAccepted("2", 3);
        _habits.Accepted("2");

        Assert.Equal(
            new CompletionCounts("csharp", "model") { Shown = 1, CharactersShown = 5, Accepted = 1, PartlyAccepted = 1, CharactersAccepted = 5 },
            _ledger.Sum);
    }

    [Fact]
    public void Ids_that_nobody_knows_are_ignored()
    {
        _habits.Shown("9");
        _habits.Accepted("9");
        _habits.PartiallyAccepted("9", 3);

        Assert.Empty(_ledger.Added);
    }

    [Fact]
    public void Somebody_who_takes_little_is_shown_what_the_model_is_surer_of_and_slowly_more_again()
    {
        Assert.Equal(0, _habits.MinConfidence);
        Decide(40, take: false);
        Assert.InRange(_habits.MinConfidence, 0.1, 0.2);
        Decide(40, take: true);
        Assert.Equal(0, _habits.MinConfidence);

        using var later = new HabitRecorder(new Ledger(new CompletionCounts("csharp", "model") { Shown = 500, Accepted = 10, Rejected = 490 }), _time);
        Assert.InRange(later.MinConfidence, 0.1, 0.2);
    }

    [Fact]
    public async Task The_service_tells_what_it_offers_and_holds_back_what_is_not_sure_enough()
    {
        await using var engine = new ScriptedEngine().Say("Save();", "\n").Say("Load();", "\n");
        var service = new CompletionService(engine, CompletionOptions.Default with { Prefetch = false }, NullLogger.Instance, _time) { Feedback = _habits };

        var answer = await AskAsync(service, "this.$0\n");
        _habits.Accepted(Assert.Single(answer.Candidates).Id);
        Assert.Equal((1, 7L), (_ledger.Sum.Accepted, _ledger.Sum.CharactersAccepted));
        Assert.Equal(("csharp", "scripted"), (_ledger.Sum.Language, _ledger.Sum.Model));

        Decide(60, take: false);
        Assert.Single((await AskAsync(service, "that.$0\n")).Candidates);
    }

    public void Dispose() => _habits.Dispose();

    private void Decide(int times, bool take)
    {
        for (var number = 0; number < times; number++)
        {
            Offer($"{take}{number}", "x;");
            _time.Advance(TimeSpan.FromSeconds(1));
            if (take)
            {
                _habits.Accepted($"{take}{number}");
            }
            else
            {
                _habits.Withdrawn(Path);
            }
        }
    }

    private void Offer(string id, string text) =>
        _habits.Offered(new CompletionOffer(id, Document("x."), new TextSpan(2, 0), text, "model", IsAlternative: false));

    private static DocumentSnapshot Document(string text) => new(Path, "csharp", 1, SourceText.From(text));

    private static Task<CompletionAnswer> AskAsync(CompletionService service, string marked)
    {
        var caret = marked.IndexOf("$0", StringComparison.Ordinal);
        return service.CompleteAsync(new CompletionRequest(Document(marked.Remove(caret, 2)), caret, CompletionTrigger.Automatic), TestContext.Current.CancellationToken);
    }

    private sealed class Ledger(params ImmutableArray<CompletionCounts> before) : ICompletionLedger
    {
        public List<CompletionCounts> Added { get; } = [];

        public CompletionCounts Sum => Added.Aggregate((left, right) => left.Add(right));

        public ImmutableArray<CompletionCounts> Read() => before;

        public void Add(CompletionCounts counts) => Added.Add(counts);
    }
}
