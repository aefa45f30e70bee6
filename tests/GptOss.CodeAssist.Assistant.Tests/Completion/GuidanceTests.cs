using System.Text;
using GptOss.CodeAssist.Assistant.Completion;
using GptOss.CodeAssist.Inference;
using GptOss.CodeAssist.TestSupport;
using Microsoft.CodeAnalysis.Text;
using Microsoft.Extensions.Logging.Abstractions;

namespace GptOss.CodeAssist.Assistant.Tests.Completion;

/// <summary>What a request tells the engine to hold to, and what its prompt tells of the project.</summary>
public sealed class GuidanceTests
{
    private const string Path = "/project/src/File.cs";
    private const string Source = "using System.Text;\nclass C\n{\n    void M(string text, int[] numbers)\n    {\n    }\n}\n";

    [Theory]
    [InlineData("text.$0", "", "Length", "Lenght")]
    [InlineData("text.Le$0", "", "ngth", "ft")]
    [InlineData("$0", "text.", "Trim", "Cut")]
    [InlineData("$0", "var n = text.Trim().", "Length", "Count")]
    [InlineData("$0", "text?.", "Length", "Size")]
    [InlineData("var x = new $0", "", "StringBuilder", "Stringbuilder")]
    [InlineData("$0", "var x = new ", "int[2]", "Integer")]
    public async Task Names_after_a_dot_and_after_new_are_those_that_exist(string statement, string answer, string allowed, string refused)
    {
        var guide = await FindGuideAsync(statement);

        var constraint = guide.FindConstraint(answer);

        Assert.NotNull(constraint);
        Assert.True(Accepts(constraint, allowed));
        Assert.False(Accepts(constraint, refused));
    }

    [Theory]
    [InlineData("$0", "text")]
    [InlineData("$0", "var x = 1.")]
    [InlineData("$0", "var x = numbers[0..")]
    [InlineData("$0", "// Write to text.")]
    [InlineData("$0", "var x = \"text.")]
    [InlineData("$0", "unknown.")]
    public async Task Elsewhere_and_in_doubt_anything_may_follow(string statement, string answer) =>
        Assert.Null((await FindGuideAsync(statement)).FindConstraint(answer));

    [Fact]
    public async Task Nothing_is_guided_where_that_is_switched_off()
    {
        await using var engine = new ScriptedEngine();
        await AskAsync(engine, "text.$0", new ProjectUnderTest(Source), CompletionOptions.Default with { Guidance = false, Prefetch = false });

        Assert.Null(Assert.Single(engine.Requests).Guide);
    }

    [Fact]
    public async Task Related_code_stands_before_the_file_and_is_looked_for_once_a_member()
    {
        await using var engine = new ScriptedEngine(ScriptedEngine.HarmonyModel) { Default = "\n" };
        var project = new ProjectUnderTest(Source);
        var service = new CompletionService(engine, CompletionOptions.Default with { Prefetch = false, ContextPatience = TimeSpan.FromSeconds(30) }, NullLogger.Instance, workspace: project);

        await AskAsync(service, "text.$0");
        await AskAsync(service, "var x = text.$0");

        Assert.All(engine.Requests, request => Assert.Contains(
            "File: src/File.cs\n\nDeclared elsewhere:\n```csharp\nclass Helper { Help }\n```", request.Prompt.OfType<PromptPart.Text>().ElementAt(5).Value, StringComparison.Ordinal));
        Assert.Equal(2, engine.Requests.Count);
        Assert.Equal(1, project.Searches);
    }

    [Fact]
    public async Task Coming_back_to_a_document_evaluates_its_prompt_ahead()
    {
        await using var engine = new ScriptedEngine().Say("Trim();", "\n");
        var evaluated = new TaskCompletionSource();
        engine.Script((_, _) => Evaluate());
        var service = new CompletionService(engine, CompletionOptions.Default with { Prefetch = false }, NullLogger.Instance, workspace: new ProjectUnderTest(Source));

        await AskAsync(service, "text.$0");
        service.WarmUp(Snapshot("text.$0", out _));
        await evaluated.Task.WaitAsync(TestContext.Current.CancellationToken);

        var request = engine.Requests.Last();
        Assert.Equal((0, RequestPriority.WarmUp), (request.MaxTokens, request.Priority));

        async IAsyncEnumerable<string> Evaluate()
        {
            evaluated.SetResult();
            await Task.CompletedTask;
            yield break;
        }
    }

    [Fact]
    public async Task Opening_a_document_evaluates_what_all_prompts_of_a_large_model_begin_with()
    {
        await using var engine = new ScriptedEngine(ScriptedEngine.HarmonyModel);
        var evaluated = new TaskCompletionSource();
        engine.Script((_, _) => Evaluate()).Say("Trim();", "\n");
        var service = new CompletionService(engine, CompletionOptions.Default with { Prefetch = false }, NullLogger.Instance, workspace: new ProjectUnderTest(Source));

        service.WarmUp(Snapshot("text.$0", out _));
        await evaluated.Task.WaitAsync(TestContext.Current.CancellationToken);
        await AskAsync(service, "text.$0");

        var (first, second) = (engine.Requests.First(), engine.Requests.Last());
        Assert.Equal((0, RequestPriority.WarmUp), (first.MaxTokens, first.Priority));
        Assert.NotEmpty(first.Prompt);
        Assert.Equal(first.Prompt, second.Prompt.Take(first.Prompt.Length));

        async IAsyncEnumerable<string> Evaluate()
        {
            evaluated.SetResult();
            await Task.CompletedTask;
            yield break;
        }
    }

    private static async Task<IGenerationGuide> FindGuideAsync(string statement)
    {
        await using var engine = new ScriptedEngine();
        await AskAsync(engine, statement, new ProjectUnderTest(Source), CompletionOptions.Default with { Prefetch = false });
        var guide = Assert.Single(engine.Requests).Guide;
        Assert.NotNull(guide);
        return guide;
    }

    private static Task<CompletionAnswer> AskAsync(ScriptedEngine engine, string statement, ProjectUnderTest project, CompletionOptions options) =>
        AskAsync(new CompletionService(engine, options, NullLogger.Instance, workspace: project), statement);

    private static Task<CompletionAnswer> AskAsync(CompletionService service, string statement) =>
        service.CompleteAsync(new CompletionRequest(Snapshot(statement, out var caret), caret, CompletionTrigger.Automatic), TestContext.Current.CancellationToken);

    private static DocumentSnapshot Snapshot(string statement, out int caret)
    {
        var marked = $"using System.Text;\nclass C\n{{\n    void M(string text, int[] numbers)\n    {{\n        {statement}\n    }}\n}}\n";
        caret = Math.Max(0, marked.IndexOf("$0", StringComparison.Ordinal));
        return new DocumentSnapshot(Path, "csharp", 1, SourceText.From(marked.Replace("$0", "", StringComparison.Ordinal)));
    }

    private static bool Accepts(IByteConstraint constraint, string name)
    {
        var state = constraint.Start;
        foreach (var value in Encoding.UTF8.GetBytes(name))
        {
            state = state < 0 ? state : constraint.Advance(state, value);
        }

        return state == IByteConstraint.Free || (state >= 0 && constraint.MayEnd(state));
    }
}
