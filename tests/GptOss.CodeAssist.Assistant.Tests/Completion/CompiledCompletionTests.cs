using System.Runtime.CompilerServices;
using GptOss.CodeAssist.Assistant.Completion;
using GptOss.CodeAssist.TestSupport;
using Microsoft.CodeAnalysis.Text;
using Microsoft.Extensions.Logging.Abstractions;

namespace GptOss.CodeAssist.Assistant.Tests.Completion;

/// <summary>What the compiler has to say to an answer, where the project is compiled.</summary>
public sealed class CompiledCompletionTests
{
    private const string Source = "using System;\nclass C\n{\n    object M(int count)\n    {\n        $0\n        return count;\n    }\n}\n";

    [Fact]
    public Task An_answer_that_needs_a_namespace_is_offered_with_it() => Check("return new $0", ["StringBuilder(count);", "\n"], "StringBuilder(count); + System.Text");

    [Fact]
    public Task A_line_that_was_left_open_is_closed_and_needs_its_namespace_still() => Check("return new $0", ["StringBuilder(count)", "\n"], "StringBuilder(count); + System.Text");

    [Fact]
    public Task An_answer_that_needs_a_namespace_and_does_not_compile_with_it_is_not_offered() => Check("int text = new $0", ["StringBuilder(count);", "\n"], "(gate)");

    [Fact]
    public Task An_answer_that_needs_none_is_offered_without() => Check("return new $0", ["Version(count, 1);", "\n"], "Version(count, 1);");

    [Fact]
    public async Task What_is_left_of_an_answer_that_is_typed_through_needs_its_namespace_still()
    {
        await using var engine = new ScriptedEngine().Say("StringBuilder(count);", "\n");
        var service = Service(engine);

        Assert.Equal("StringBuilder(count); + System.Text", await AskAsync(service, "return new $0"));
        Assert.Equal("Builder(count); + System.Text", await AskAsync(service, "return new String$0"));
        Assert.Single(engine.Requests);
    }

    [Theory]
    [InlineData("Missing.Run(count);\n", "(gate)")]
    [InlineData("var a = count;\n        a.Missing();\n", "var a = count;")]
    [InlineData("if (count.Missing) {\n", "(gate)")]
    public async Task The_model_is_stopped_when_the_compiler_refuses_what_nothing_can_mend(string beginning, string expected)
    {
        await using var engine = new ScriptedEngine().Script((_, stopped) => Begin(beginning, stopped));

        Assert.Equal(expected, await AskAsync(Service(engine), "$0"));
    }

    [Theory]
    [InlineData("Missing();\n", "        void Missing() { }\n", "Missing();\n        void Missing() { }")]
    [InlineData("Array.ForEach([count], one => {\n            one.Missing();\n", "        });\n", "(gate)")]
    [InlineData("count.CompareTo(1)\n", "            .CompareTo(2);\n", "count.CompareTo(1)\n            .CompareTo(2);")]
    public Task The_model_goes_on_where_its_answer_may_yet_be_mended(string beginning, string rest, string expected) => Check("$0", [beginning, rest], expected);

    /// <summary>A model that says so much and then nothing more, until it is stopped.</summary>
    private static async IAsyncEnumerable<string> Begin(string beginning, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        yield return beginning;
        await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
    }

    [Fact]
    public async Task An_answer_from_before_the_project_was_read_is_asked_for_again()
    {
        await using var engine = new ScriptedEngine().Say("StringBuilder(count);", "\n").Say("StringBuilder(count);", "\n");
        var project = new ProjectUnderTest(Source.Replace("$0", "", StringComparison.Ordinal)) { IsRead = false };
        var service = new CompletionService(engine, CompletionOptions.Default with { Prefetch = false }, NullLogger.Instance, workspace: project);

        Assert.Equal("StringBuilder(count);", await AskAsync(service, "return new $0"));
        Assert.Equal("StringBuilder(count);", await AskAsync(service, "return new $0"));
        Assert.Single(engine.Requests);
        project.IsRead = true;
        Assert.Equal("StringBuilder(count); + System.Text", await AskAsync(service, "return new $0"));
    }

    private static async Task Check(string statement, string[] tokens, string expected)
    {
        await using var engine = new ScriptedEngine().Say(tokens);
        Assert.Equal(expected, await AskAsync(Service(engine), statement));
    }

    private static CompletionService Service(ScriptedEngine engine) =>
        new(engine, CompletionOptions.Default with { Prefetch = false }, NullLogger.Instance, workspace: new ProjectUnderTest(Source.Replace("$0", "", StringComparison.Ordinal)));

    private static async Task<string> AskAsync(CompletionService service, string statement)
    {
        var marked = Source.Replace("$0", statement, StringComparison.Ordinal);
        var caret = marked.IndexOf("$0", StringComparison.Ordinal);
        var document = new DocumentSnapshot("/project/src/File.cs", "csharp", 1, SourceText.From(marked.Remove(caret, 2)));
        var answer = await service.CompleteAsync(new CompletionRequest(document, caret, CompletionTrigger.Automatic), TestContext.Current.CancellationToken);
        return answer.Candidates is [var first, ..] ? first.InsertText + string.Concat(first.Usings.Select(name => $" + {name}")) : $"({answer.Reason?.Code})";
    }
}
