using GptOss.CodeAssist.Assistant.CodeActions;
using GptOss.CodeAssist.Assistant.Prompts;
using GptOss.CodeAssist.TestSupport;
using Microsoft.CodeAnalysis.Text;
using Microsoft.Extensions.Logging.Abstractions;

namespace GptOss.CodeAssist.Assistant.Tests.CodeActions;

/// <summary>Warnings that only analyzers report, as an editor hands them over.</summary>
public sealed class AnalyzerProblemTests : IDisposable
{
    private const string Cart = """
        namespace Shop;

        internal class Cart
        {
            private int _sold = 1;

            internal int Base() => 7;

            internal int Sell() { if (_sold > 2) return _sold; return _sold++ + Base(); }
        }
        """;

    private readonly TestSolution _solution = new TestSolution().Add("Shop", [("Cart.cs", Cart)]);
    private readonly ScriptedEngine _engine = new(ScriptedEngine.HarmonyModel);

    public void Dispose() => _solution.Dispose();

    [Theory]
    [InlineData("CA1822", "Base", "internal int Base() => 3 + 4;", "internal static int Base() => 7;")]
    [InlineData("IDE0011", "_sold > 2", "internal int Sell() { if (_sold > 3) return _sold; return _sold++ + Base(); }", "internal int Sell() { if (_sold > 2) { return _sold; } return _sold++ + Base(); }")]
    public async Task The_analyzer_must_report_it_no_more(string id, string at, string wrong, string right)
    {
        Say(wrong);
        Say(right);

        var edited = Assert.IsType<CodeActionResult.Edited>(await FixAsync(id, at));

        Assert.True(edited.Repaired);
        Assert.Null(edited.Unverified);
        Assert.Equal(2, _engine.Requests.Count);
    }

    [Fact]
    public async Task A_problem_that_no_analyzer_here_reports_is_said_to_be_unverified()
    {
        Say("internal int Base() => 8;");

        var edited = Assert.IsType<CodeActionResult.Edited>(await FixAsync("XYZ0001", "Base"));

        Assert.Equal("XYZ0001", edited.Unverified?.Id);
    }

    [Fact]
    public async Task A_warning_that_the_editorconfig_file_wants_is_found_fixed_and_verified()
    {
        using var folder = new TemporaryFolder();
        var path = folder.PathOf("Cart.cs");
        await File.WriteAllTextAsync(path, Cart, TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(folder.PathOf("Shop.csproj"), """<Project Sdk="Microsoft.NET.Sdk"><PropertyGroup><TargetFramework>net10.0</TargetFramework></PropertyGroup></Project>""", TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(folder.PathOf(".editorconfig"), "root = true\n[*.cs]\ndotnet_diagnostic.CA1822.severity = warning\n", TestContext.Current.CancellationToken);
        await using var workspaces = new CSharpWorkspaces(_ => folder.FullName, NullLogger.Instance);
        Say("internal int Base() => 3 + 4;");
        Say("internal static int Base() => 7;");
        var request = new CodeActionRequest(new DocumentSnapshot(path, "csharp", 1, SourceText.From(Cart)), new TextSpan(Cart.IndexOf("Base", StringComparison.Ordinal), 0), CodeActionKind.Fix);

        var edited = Assert.IsType<CodeActionResult.Edited>(
            await new CodeActionService(_engine, workspaces.FindSource, PromptLibrary.BuiltInOnly, NullLogger.Instance).ComputeAsync(request, _ => { }, TestContext.Current.CancellationToken));

        Assert.Equal((true, null), (edited.Repaired, edited.Unverified));
        Assert.Contains("CA1822", string.Concat(_engine.Requests.First().Prompt), StringComparison.Ordinal);
    }

    private void Say(string code) => _engine.Say("<|channel|>", "final", "<|message|>", $"```csharp\n{code}\n```", "<|return|>");

    private Task<CodeActionResult> FixAsync(string id, string at)
    {
        var span = new TextSpan(Cart.IndexOf(at, StringComparison.Ordinal), at.Length);
        var snapshot = new DocumentSnapshot(TestSolution.PathOf("Shop", "Cart.cs"), "csharp", 1, SourceText.From(Cart));
        var request = new CodeActionRequest(snapshot, span, CodeActionKind.Fix) { Problem = new CodeProblem(id, "Said by the editor's analyzers.", span) };
        return new CodeActionService(_engine, _ => _solution, PromptLibrary.BuiltInOnly, NullLogger.Instance).ComputeAsync(request, _ => { }, TestContext.Current.CancellationToken);
    }
}
