using GptOss.CodeAssist.Assistant.CodeActions;
using GptOss.CodeAssist.Assistant.Prompts;
using GptOss.CodeAssist.Inference;
using GptOss.CodeAssist.TestSupport;
using Microsoft.CodeAnalysis.Text;
using Microsoft.Extensions.Logging.Abstractions;

namespace GptOss.CodeAssist.Assistant.Tests.CodeActions;

public sealed class NameFindingTests : IDisposable
{
    private const string Cart = """
        namespace Shop;

        public interface IPriced
        {
            int Get();
        }

        public class Cart : IPriced, System.IDisposable
        {
            private readonly int[] _p = [1, 2];

            /// <summary>As <see cref="Get"/>.</summary>
            public int Twice(int d) => (Get() - d) * 2;

            public int Get() => _p.Length;

            public override string ToString() => "cart";

            public void Dispose()
            {
            }
        }
        """;

    private const string App = """
        namespace Shop.App;

        public static class Program
        {
            public static int Run(IPriced cart) => cart.Get() + new Cart().Get();
        }
        """;

    private readonly TestSolution _solution = new TestSolution()
        .Add("Shop", [("Cart.cs", Cart)])
        .Add("App", [("Program.cs", App)], "Shop");

    private readonly ScriptedEngine _engine = new(ScriptedEngine.HarmonyModel);

    public void Dispose() => _solution.Dispose();

    [Theory]
    [InlineData("Get() => _p", "PriceCount")] // Where it is declared,
    [InlineData("Get() - d", "PriceCount")] // and where it is used.
    public async Task The_new_name_stands_wherever_the_old_one_stood(string at, string name)
    {
        Say($"```csharp\n{name}\n```");

        var edited = Assert.IsType<CodeActionResult.Edited>(await ActAsync(at));

        Assert.Equal((EditVerification.Compiled, false), (edited.Verification, edited.Repaired));
        Assert.Equal([(TestSolution.PathOf("Shop", "Cart.cs"), Cart.Replace("Get", name, StringComparison.Ordinal)), (TestSolution.PathOf("App", "Program.cs"), App.Replace("Get", name, StringComparison.Ordinal))],
            edited.Files.Select(file => (file.Path, file.NewText.ToString())));
    }

    [Fact]
    public async Task The_model_sees_what_bears_the_name_and_what_uses_it()
    {
        Say("discount");

        var edited = Assert.IsType<CodeActionResult.Edited>(await ActAsync("d) =>"));

        Assert.Equal(Cart.Replace("Twice(int d) => (Get() - d)", "Twice(int discount) => (Get() - discount)", StringComparison.Ordinal), edited.Files.Single().NewText.ToString());
        Assert.EndsWith(
            """
            <|start|>user<|message|>From Cart.cs:
            ```csharp
            /// <summary>As <see cref="Get"/>.</summary>
            public int Twice(int d) => (Get() - d) * 2;
            ```

            Lines that use it:
            ```csharp
            public int Twice(int d) => (Get() - d) * 2;
            ```

            Task: Find the name that says best what the parameter `d` is for, in the style of the names around it; the present one if there is none better. Answer with the name alone, in one fenced block and nothing else.<|end|><|start|>assistant
            """,
            Show(_engine.Requests.Single()),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_name_that_is_taken_is_told_to_the_model_which_finds_another()
    {
        Say("```csharp\nTwice\n```");
        Say("```csharp\nTotal\n```");

        var edited = Assert.IsType<CodeActionResult.Edited>(await ActAsync("_p ="));

        Assert.True(edited.Repaired);
        Assert.Equal(Cart.Replace("_p", "Total", StringComparison.Ordinal), edited.Files.Single().NewText.ToString());
        Assert.Contains("<|start|>user<|message|>With the name Twice the compiler reports:\nCS0102: The type 'Cart' already contains a definition for 'Twice'", Show(_engine.Requests.Last()), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("I would call it total.", "The answer must be one C# name in one fenced block.")]
    [InlineData("```csharp\nclass\n```", "The answer must be one C# name in one fenced block.")]
    [InlineData("```csharp\nDispose\n```", "With the name Dispose the compiler reports:")]
    public async Task What_cannot_be_a_name_is_refused_at_the_second_try(string answer, string why)
    {
        Say(answer);
        Say(answer);

        var refused = Assert.IsType<CodeActionResult.Refused>(await ActAsync("_p ="));

        Assert.Equal("edit-rejected", refused.Reason.Code);
        Assert.Contains(why, refused.Reason.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ToString", "ToString keeps its name, because Object that declares it is not part of the solution.")]
    [InlineData("Dispose()", "Dispose keeps its name, because IDisposable that declares it is not part of the solution.")]
    [InlineData("Length", "Length keeps its name, because Array that declares it is not part of the solution.")]
    [InlineData("Shop;", "There is no name to change at this place")]
    [InlineData("=> _p", "There is no name to change at this place")]
    public async Task What_others_have_named_keeps_its_name_and_no_model_is_asked(string at, string why)
    {
        var refused = Assert.IsType<CodeActionResult.Refused>(await ActAsync(at));

        Assert.StartsWith(why, refused.Reason.Message, StringComparison.Ordinal);
        Assert.Empty(_engine.Requests);
    }

    [Fact]
    public async Task A_model_that_likes_the_name_changes_nothing()
    {
        Say("```csharp\n_p\n```");

        Assert.Equal("The model has no better name than _p.", Assert.IsType<CodeActionResult.Refused>(await ActAsync("_p =")).Reason.Message);
    }

    [Fact]
    public async Task A_name_that_is_used_where_nothing_may_be_changed_is_left_alone()
    {
        _solution.Add("Other", [("../../elsewhere/Other.cs", "namespace Shop; public static class Other { public static int Run(Cart cart) => cart.Get(); }")], "Shop");
        Say("```csharp\nPriceCount\n```");

        var refused = Assert.IsType<CodeActionResult.Refused>(await ActAsync("Get() => _p"));

        Assert.Contains("Other.cs too, which is not to be changed from here", refused.Reason.Message, StringComparison.Ordinal);
    }

    private void Say(string answer) => _engine.Say("<|channel|>", "final", "<|message|>", answer, "<|return|>");

    private Task<CodeActionResult> ActAsync(string at)
    {
        var snapshot = new DocumentSnapshot(TestSolution.PathOf("Shop", "Cart.cs"), "csharp", 1, SourceText.From(Cart));
        var request = new CodeActionRequest(snapshot, new TextSpan(Cart.IndexOf(at, StringComparison.Ordinal), 0), CodeActionKind.Rename);
        return new CodeActionService(_engine, _ => _solution, PromptLibrary.BuiltInOnly, NullLogger.Instance).ComputeAsync(request, _ => { }, TestContext.Current.CancellationToken);
    }

    private static string Show(GenerationRequest request) => string.Concat(request.Prompt.Select(part => part is PromptPart.Special special ? special.Name : ((PromptPart.Text)part).Value));
}
