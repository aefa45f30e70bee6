using GptOss.CodeAssist.Assistant.CodeActions;
using GptOss.CodeAssist.Assistant.Prompts;
using GptOss.CodeAssist.TestSupport;
using Microsoft.CodeAnalysis.Text;
using Microsoft.Extensions.Logging.Abstractions;

namespace GptOss.CodeAssist.Assistant.Tests.CodeActions;

/// <summary>Changes that others have to follow, over several files and projects.</summary>
public sealed class FollowingRewritesTests : IDisposable
{
    private const string Cart = """
        namespace Shop;

        public class Cart
        {
            public int Total() => 7;

            public int Twice()
            {
                return Total() * 2;
            }
        }
        """;

    private const string App = """
        namespace Shop.App;

        public static class Program
        {
            public static int Run(Cart cart) => cart.Total();

            public static int Again(Cart cart) => cart.Total() + 1;
        }
        """;

    private const string Changed = "```csharp\npublic int Total(int discount) => 7 - discount;\n```";

    private readonly TestSolution _solution = new TestSolution()
        .Add("Shop", [("Cart.cs", Cart)])
        .Add("App", [("Program.cs", App)], "Shop");

    private readonly ScriptedEngine _engine = new(ScriptedEngine.HarmonyModel);
    private readonly List<string> _progress = [];

    public void Dispose() => _solution.Dispose();

    [Fact]
    public async Task Members_that_a_new_signature_breaks_are_adapted_one_by_one_in_their_files()
    {
        Say(Changed);
        Say("```csharp\npublic int Twice()\n{\n    return Total(0) * 2;\n}\n```");
        Say("```csharp\npublic static int Run(Cart cart) => cart.Total(1);\n```");
        Say("```csharp\npublic static int Again(Cart cart) => cart.Total(2) + 1;\n```");

        var edited = Assert.IsType<CodeActionResult.Edited>(await ActAsync(CodeActionKind.Edit));

        Assert.Equal([TestSolution.PathOf("Shop", "Cart.cs"), TestSolution.PathOf("App", "Program.cs")], edited.Files.Select(file => file.Path));
        Assert.Equal(Cart.Replace("Total() => 7", "Total(int discount) => 7 - discount", StringComparison.Ordinal).Replace("Total() * 2", "Total(0) * 2", StringComparison.Ordinal), edited.Files[0].NewText.ToString());
        Assert.Equal(App.Replace("Total();", "Total(1);", StringComparison.Ordinal).Replace("Total() +", "Total(2) +", StringComparison.Ordinal), edited.Files[1].NewText.ToString());
        Assert.All(edited.Files, file => Assert.Equal(file.NewText.ToString(), file.OldText!.WithChanges(file.Changes).ToString()));
        Assert.Equal(["Adapting Cart.Twice", "Adapting Program.Run", "Adapting Program.Again"], _progress.Where(line => line.StartsWith("Adapting", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Each_is_told_what_changed_and_what_the_compiler_says_of_it_alone()
    {
        Say(Changed);
        Say("```csharp\npublic int Twice() => Total(0);\n```");
        Say("```csharp\npublic static int Run(Cart cart) => cart.Total(1);\n```");
        Say("```csharp\npublic static int Again(Cart cart) => cart.Total(2) + 1;\n```");

        await ActAsync(CodeActionKind.Edit);

        var request = Show(_engine.Requests.Skip(2).First());
        Assert.Contains(
            """
            What the compiler says:
            CS7036: There is no argument given that corresponds to the required parameter 'discount' of 'Cart.Total(int)' (at `public static int Run(Cart cart) => cart.Total();`)

            The piece to replace, from Program.cs:
            ```csharp
            public static int Run(Cart cart) => cart.Total();
            ```

            Task: `Cart.Total` was changed and now reads:
            ```csharp
            public int Total(int discount) => 7 - discount;
            ```
            """,
            request,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_change_that_is_wrong_in_itself_is_repaired_before_anybody_follows()
    {
        Say("```csharp\npublic int Total(int discount) => Unknown;\n```");
        Say("```csharp\npublic int Total() => 8;\n```");

        var edited = Assert.IsType<CodeActionResult.Edited>(await ActAsync(CodeActionKind.Edit));

        Assert.True(edited.Repaired);
        Assert.Single(edited.Files);
        Assert.Equal(2, _engine.Requests.Count);
    }

    [Fact]
    public async Task A_member_that_is_not_adapted_right_keeps_the_whole_change_from_being_offered()
    {
        foreach (var _ in Enumerable.Range(0, 2))
        {
            Say(Changed);
            Say("```csharp\npublic int Twice() => Total(0);\n```");
            Say("I would rather not.");
            Say("```csharp\npublic static int Again(Cart cart) => cart.Total(2) + 1;\n```");
        }

        var refused = Assert.IsType<CodeActionResult.Refused>(await ActAsync(CodeActionKind.Edit));

        var error = Assert.Single(refused.Errors);
        Assert.Equal(("CS7036", TestSolution.PathOf("App", "Program.cs"), 5), (error.Id, error.Path, error.Line));
        Assert.Equal(2, refused.Attempt.Length);
        Assert.Equal(8, _engine.Requests.Count);
    }

    [Fact]
    public async Task A_change_that_breaks_more_members_than_a_person_would_look_at_is_refused()
    {
        var callers = string.Concat(Enumerable.Range(0, 12).Select(number => $"    public static int Use{number}(Cart cart) => cart.Total();\n"));
        _solution.Add("Many", [("Many.cs", $"namespace Shop.Many;\n\npublic static class Many\n{{\n{callers}}}\n")], "Shop");
        _engine.Default = "";
        foreach (var _ in Enumerable.Range(0, 2))
        {
            Say(Changed);
            foreach (var number in Enumerable.Range(0, 8))
            {
                Say("no");
            }
        }

        var refused = Assert.IsType<CodeActionResult.Refused>(await ActAsync(CodeActionKind.Edit));

        Assert.Equal("edit-rejected", refused.Reason.Code);
        Assert.Equal(18, _engine.Requests.Count);
    }

    private void Say(string answer) => _engine.Say("<|channel|>", "final", "<|message|>", answer, "<|return|>");

    private Task<CodeActionResult> ActAsync(CodeActionKind kind)
    {
        var snapshot = new DocumentSnapshot(TestSolution.PathOf("Shop", "Cart.cs"), "csharp", 1, SourceText.From(Cart));
        var request = new CodeActionRequest(snapshot, new TextSpan(Cart.IndexOf("Total", StringComparison.Ordinal), 0), kind) { Instruction = "Take a discount." };
        return new CodeActionService(_engine, _ => _solution, PromptLibrary.BuiltInOnly, NullLogger.Instance).ComputeAsync(request, _progress.Add, TestContext.Current.CancellationToken);
    }

    private static string Show(Inference.GenerationRequest request) =>
        string.Concat(request.Prompt.Select(part => part is Inference.PromptPart.Special special ? special.Name : ((Inference.PromptPart.Text)part).Value));
}
