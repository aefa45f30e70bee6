using GptOss.CodeAssist.Assistant.Completion;
using GptOss.CodeAssist.TestSupport;
using Microsoft.CodeAnalysis.Text;
using Microsoft.Extensions.Logging.Abstractions;

namespace GptOss.CodeAssist.Assistant.Tests.Completion;

public sealed class QuietRulesTests
{
    private static readonly CompletionOptions OneAnswerOnly = CompletionOptions.Default with { Prefetch = false, Gate = false };

    [Theory]
    [InlineData("class C { void M() { va$0lue(); } }", "inside-word")]
    [InlineData("class C { void M() { x = $0(y); } }", "code-follows")]
    [InlineData("class C { // This $0\n}", "in-comment")]
    [InlineData("class C { /* This $0 */ }", "in-comment")]
    [InlineData("class C { /// <summary>$0\n int x; }", "in-comment")]
    [InlineData("class C { string x = \"some $0\"; }", "in-string")]
    [InlineData("class C { string x = \"some $0\n}", "in-string")]
    [InlineData("class C { string x = $\"some $0 {y}\"; }", "in-string")]
    [InlineData("#if NEVER\nclass C { int $0\n#endif", "in-disabled-code")]
    [InlineData("class C { void M() {\n x();$0\n } }", "end-of-statement")]
    [InlineData("class C { void M() {\n x(); $0\n } }", "end-of-statement")]
    [InlineData("class C {\n int x;$0\n }", "end-of-statement")]
    [InlineData("class C { void M() {\n }$0\n }", "end-of-statement")]
    [InlineData("class C {\n [Fact]$0\n void M() { } }", "after-attribute")]
    public async Task Automatic_requests_are_quiet_where_a_text_would_disturb_and_asked_ones_are_not(string marked, string reason)
    {
        await using var engine = new ScriptedEngine { Default = "text" };

        Assert.Equal(reason, (await AskAsync(engine, marked, CompletionTrigger.Automatic)).Reason?.Code);
        Assert.Empty(engine.Requests);
        await AskAsync(engine, marked, CompletionTrigger.Invoked);
        Assert.NotEmpty(engine.Requests);
    }

    [Theory]
    [InlineData("class C { void M() { x = $\"some {$0}\"; } }")]
    [InlineData("class C { void M() { for (var i = 0; $0) } }")]
    [InlineData("class C { int X { get; $0} }")]
    [InlineData("class C { void M() { x = $0.ToString(); } }")]
    [InlineData("class C { void M() {\n // A comment.\n $0\n } }")]
    [InlineData("class C { void M() { x[$0] = 1; } }")]
    [InlineData("class C { void M() {\n do { }$0\n } }")]
    [InlineData("class C { void M() {\n Dictionary<IReadOnlyList<string>, $0\n } }")]
    public async Task Elsewhere_the_model_is_asked(string marked)
    {
        await using var engine = new ScriptedEngine { Default = "text" };

        await AskAsync(engine, marked, CompletionTrigger.Automatic);

        Assert.Single(engine.Requests);
    }

    [Theory]
    [InlineData("class C { void M() {\n retu$0\n } }", "inside-word")]
    [InlineData("class C { void M() {\n return $0\n } }", null)]
    [InlineData("class C { void M() {\n Use(a$0)\n } }", "inside-word")]
    public async Task Without_healing_a_word_that_is_being_typed_is_waited_for(string marked, string? reason)
    {
        await using var engine = new ScriptedEngine { Default = "text" };

        Assert.Equal(reason, (await AskAsync(engine, marked, CompletionTrigger.Automatic, OneAnswerOnly with { Healing = false })).Reason?.Code);
    }

    [Fact]
    public async Task A_model_that_writes_prose_is_asked_in_comments_too()
    {
        await using var engine = new ScriptedEngine(ScriptedEngine.HarmonyModel) { Default = "is" };

        await AskAsync(engine, "class C { // This $0\n}", CompletionTrigger.Automatic);

        Assert.Single(engine.Requests);
    }

    private static Task<CompletionAnswer> AskAsync(ScriptedEngine engine, string marked, CompletionTrigger trigger, CompletionOptions? options = null)
    {
        var caret = marked.IndexOf("$0", StringComparison.Ordinal);
        var document = new DocumentSnapshot("/project/File.cs", "csharp", 1, SourceText.From(marked.Remove(caret, 2)));
        return new CompletionService(engine, options ?? OneAnswerOnly, NullLogger.Instance).CompleteAsync(new CompletionRequest(document, caret, trigger), TestContext.Current.CancellationToken);
    }
}
