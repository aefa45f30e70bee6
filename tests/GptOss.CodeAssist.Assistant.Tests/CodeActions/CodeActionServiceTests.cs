using System.Collections.Immutable;
using GptOss.CodeAssist.Assistant.CodeActions;
using GptOss.CodeAssist.Assistant.Prompts;
using GptOss.CodeAssist.Inference;
using GptOss.CodeAssist.TestSupport;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;
using Microsoft.Extensions.Logging.Abstractions;

namespace GptOss.CodeAssist.Assistant.Tests.CodeActions;

public sealed class CodeActionServiceTests : IDisposable
{
    private const string Cart = $$"""
        using System;

        namespace Shop;

        public class Cart
        {
            private readonly int[] _prices = [1, 2, 3];

            // The total.
            public int Total(int discount)
            {
                var t = 0;
                foreach (var price in _prices)
                {
                    t += price;
                }

                return t - discount;
            }

            public string Name => "cart";

            public int Broken() => Missing;

            public int Later() => throw new {{nameof(NotImplementedException)}}();
        }
        """;

    private const string App = """
        namespace Shop.App;

        public static class Program
        {
            public static int Run(Cart cart) => cart.Total(1);
        }
        """;

    private readonly TestSolution _solution = new TestSolution()
        .Add("Shop", [("Cart.cs", Cart)])
        .Add("App", [("Program.cs", App)], "Shop");

    private readonly ScriptedEngine _engine = new(ScriptedEngine.HarmonyModel);
    private readonly List<string> _progress = [];

    public void Dispose() => _solution.Dispose();

    [Fact]
    public async Task A_good_rewrite_becomes_the_smallest_edit_with_the_using_it_needs()
    {
        Say("""
            Here it is:
            ```csharp
            // The total.
            public int Total(int discount)
            {
                return _prices.Sum() - discount;
            }
            ```
            """);

        var edited = Assert.IsType<CodeActionResult.Edited>(await ActAsync("foreach", CodeActionKind.LoopToLinq));

        var file = Assert.Single(edited.Files);
        Assert.Equal((EditVerification.Compiled, false), (edited.Verification, edited.Repaired));
        Assert.Equal(
            Cart.Replace("using System;\n", "using System;\nusing System.Linq;\n", StringComparison.Ordinal).Replace(
                """
                        var t = 0;
                        foreach (var price in _prices)
                        {
                            t += price;
                        }

                        return t - discount;
                """,
                """
                        return _prices.Sum() - discount;
                """,
                StringComparison.Ordinal),
            file.NewText.ToString());
        Assert.Equal(file.NewText.ToString(), file.OldText!.WithChanges(file.Changes).ToString());
        Assert.InRange(file.Changes.Length, 2, 4);
        Assert.Contains("Compiling the change", _progress);
    }

    [Fact]
    public async Task The_prompt_holds_the_piece_its_surroundings_and_the_task_and_drafts_from_the_piece()
    {
        Say("nothing");
        Say("nothing");

        await ActAsync("foreach", CodeActionKind.Simplify);

        var request = _engine.Requests.First();
        Assert.StartsWith("```csharp\n// The total.\npublic int Total(int discount)\n{\n    var t = 0;", request.DraftSource, StringComparison.Ordinal);
        Assert.Equal("nothing", _engine.Requests.Last().DraftSource);
        Assert.Equal((RequestPriority.CodeAction, 0f), (request.Priority, request.Sampling.Temperature));
        Assert.Contains(
            """
            <|start|>user<|message|>The surroundings, not to be repeated:
            ```csharp
            using System;
            public class Cart
            {
                private readonly int[] _prices = [1, 2, 3];
                public string Name { get; }
                public int Broken();
                public int Later();
            }
            ```

            The piece to replace, from Cart.cs:
            ```csharp
            // The total.
            public int Total(int discount)
            """,
            Show(request),
            StringComparison.Ordinal);
        Assert.EndsWith("Task: Make `Cart.Total` simpler and easier to read without changing its behaviour or its signature.<|end|><|start|>assistant", Show(request), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_edit_that_does_not_compile_gets_one_repair_round_with_the_errors()
    {
        Say("```csharp\npublic int Total(int discount) => _prices.Length - discont;\n```");
        Say("```csharp\npublic int Total(int discount) => _prices.Length - discount;\n```");

        var edited = Assert.IsType<CodeActionResult.Edited>(await ActAsync("foreach", CodeActionKind.Simplify));

        Assert.True(edited.Repaired);
        Assert.Contains("_prices.Length - discount;", edited.Files.Single().NewText.ToString(), StringComparison.Ordinal);
        Assert.Contains(
            "With your code in place the compiler reports:\nCS0103: The name 'discont' does not exist in the current context (at `public int Total(int discount) => _prices.Length - discont;`)",
            Show(_engine.Requests.Last()),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_edit_that_is_still_wrong_is_refused_with_its_errors_and_may_be_looked_at()
    {
        Say("```csharp\npublic int Total(int discount) => one;\n```");
        Say("```csharp\npublic int Total(int discount) => two;\n```");

        var refused = Assert.IsType<CodeActionResult.Refused>(await ActAsync("foreach", CodeActionKind.Simplify));

        Assert.Equal("edit-rejected", refused.Reason.Code);
        Assert.Equal(("CS0103", 9), (refused.Errors.Single().Id, refused.Errors.Single().Line));
        Assert.Contains("=> two;", refused.Attempt.Single().NewText.ToString(), StringComparison.Ordinal);
        Assert.Equal(2, _engine.Requests.Count);
    }

    [Fact]
    public async Task A_signature_that_breaks_another_project_is_an_error_too()
    {
        Say("```csharp\npublic int Total(string discount) => _prices.Length - discount.Length;\n```");
        Say("```csharp\npublic int Total(string discount) => _prices.Length - discount.Length;\n```");

        var refused = Assert.IsType<CodeActionResult.Refused>(await ActAsync("foreach", CodeActionKind.Simplify));

        Assert.Equal(TestSolution.PathOf("App", "Program.cs"), refused.Errors.Single().Path);
    }

    [Fact]
    public async Task Prose_is_no_edit()
    {
        Say("You should use LINQ here.");
        Say("I mean it.");

        var refused = Assert.IsType<CodeActionResult.Refused>(await ActAsync("foreach", CodeActionKind.Simplify));

        Assert.Contains("no fenced code block", refused.Reason.Message, StringComparison.Ordinal);
        Assert.Empty(refused.Attempt);
    }

    [Theory]
    [InlineData("```csharp\nvar example = 1;\n```\nand then\n```csharp\npublic int Total(int discount) => 0;\n```", true)]
    [InlineData("```csharp\npublic int Total(int discount) => 0;\n```\nor\n```csharp\npublic int Total(int discount) => 1;\n```", false)]
    public async Task Of_two_blocks_the_one_that_is_the_piece_counts_and_nobody_guesses(string answer, bool isEdit)
    {
        Say(answer);
        Say(answer);

        var result = await ActAsync("foreach", CodeActionKind.Simplify);

        Assert.Equal(isEdit, result is CodeActionResult.Edited);
        Assert.Equal(isEdit ? 1 : 2, _engine.Requests.Count);
    }

    [Fact]
    public async Task Code_that_stands_in_its_class_again_or_without_a_fence_is_understood()
    {
        Say("```csharp\nnamespace Shop;\n\npublic class Cart\n{\n    public int Total(int discount) => 0;\n}\n```");
        Say("public int Total(int discount)\n{\n    return 1;\n}");

        var wrapped = Assert.IsType<CodeActionResult.Edited>(await ActAsync("foreach", CodeActionKind.Simplify));
        var bare = Assert.IsType<CodeActionResult.Edited>(await ActAsync("foreach", CodeActionKind.Simplify));

        Assert.Contains("\n    public int Total(int discount) => 0;\n\n    public string Name", wrapped.Files.Single().NewText.ToString(), StringComparison.Ordinal);
        Assert.Contains("\n    {\n        return 1;\n    }\n\n    public string Name", bare.Files.Single().NewText.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Endless_repetition_and_cut_answers_never_become_edits()
    {
        _engine.Script((_, _) => Enumerable.Repeat("public int Total(int discount) => 0; ", 100_000).Prepend("```csharp\n").Prepend("<|message|>").Prepend("final").Prepend("<|channel|>").ToAsyncEnumerable());
        _engine.Script((request, _) => Enumerable.Range(0, request.MaxTokens).Select(number => $"// {number}\n").Prepend("```csharp\n").Prepend("<|message|>").Prepend("final").Prepend("<|channel|>").ToAsyncEnumerable());

        var endless = Assert.IsType<CodeActionResult.Refused>(await ActAsync("foreach", CodeActionKind.Simplify));
        var cut = Assert.IsType<CodeActionResult.Refused>(await ActAsync("foreach", CodeActionKind.Simplify));

        Assert.Equal("The model gave no answer: it repeated itself without end.", endless.Reason.Message);
        Assert.Equal("The model gave no answer: it did not finish within 4,096 tokens, and half an answer is not used.", cut.Reason.Message);
    }

    [Fact]
    public async Task Thoughts_never_become_code_and_an_answer_is_demanded_after_them()
    {
        _engine.Say("<|channel|>", "analysis", "<|message|>", "```csharp\npublic int Total(int discount) => 666;\n```", "<|return|>");
        _engine.Say("public int Total(int discount) => 7;\n```", "<|return|>");

        var edited = Assert.IsType<CodeActionResult.Edited>(await ActAsync("foreach", CodeActionKind.Simplify));

        Assert.Contains("=> 7;", edited.Files.Single().NewText.ToString(), StringComparison.Ordinal);
        Assert.EndsWith("<|end|><|start|>assistant<|channel|>final<|message|>```csharp\n", Show(_engine.Requests.Last()), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Cancelling_half_way_leaves_nothing()
    {
        using var cancel = new CancellationTokenSource();
        _engine.Script((_, token) => Half(token));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Service().ComputeAsync(Request("foreach", CodeActionKind.Simplify), progress =>
        {
            if (progress.StartsWith("Writing", StringComparison.Ordinal))
            {
                cancel.Cancel();
            }
        }, cancel.Token));

        static async IAsyncEnumerable<string> Half([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken token)
        {
            foreach (var part in new[] { "<|channel|>", "final", "<|message|>", "```csharp\npublic" })
            {
                yield return part;
            }

            await Task.Delay(Timeout.Infinite, token);
        }
    }

    [Fact]
    public async Task A_fix_must_make_its_problem_go_away()
    {
        Say("```csharp\npublic int Broken() => Missing;// still\n```");
        Say("```csharp\npublic int Broken() => 5;\n```");

        var edited = Assert.IsType<CodeActionResult.Edited>(await ActAsync("Missing", CodeActionKind.Fix));

        Assert.True(edited.Repaired);
        Assert.Contains("Fix this problem and nothing else: CS0103: The name 'Missing' does not exist in the current context (at `public int Broken() => Missing;`)", Show(_engine.Requests.First()), StringComparison.Ordinal);
        Assert.Contains("CS0103 is still reported", Show(_engine.Requests.Last()), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Documentation_is_put_before_its_member_and_nothing_else_changes()
    {
        Say("```csharp\n/// <summary>The name.</summary>\npublic string Name => \"cart\";\n```");

        var edited = Assert.IsType<CodeActionResult.Edited>(await ActAsync("Name", CodeActionKind.Document));

        var change = Assert.Single(edited.Files.Single().Changes);
        Assert.Equal("    /// <summary>The name.</summary>\n", change.NewText);
        Assert.Equal(0, change.Span.Length);
    }

    [Theory]
    [InlineData("\r\n", "\t")]
    [InlineData("\n", "  ")]
    [InlineData("\r\n", "    ")]
    public async Task The_files_line_endings_and_indentation_are_kept(string newLine, string indentation)
    {
        var text = Cart.Replace("    ", indentation, StringComparison.Ordinal).ReplaceLineEndings(newLine);
        using var solution = new TestSolution().Add("Shop", [("Cart.cs", text)]);
        Say("```csharp\npublic int Total(int discount)\n{\n    if (discount > 0)\n    {\n        return discount;\n    }\n\n    return 0;\n}\n```");

        var request = new CodeActionRequest(Snapshot(text), new TextSpan(text.IndexOf("foreach", StringComparison.Ordinal), 0), CodeActionKind.Simplify);
        var edited = Assert.IsType<CodeActionResult.Edited>(await Service(solution).ComputeAsync(request, _progress.Add, TestContext.Current.CancellationToken));

        var changed = edited.Files.Single().NewText.ToString();
        Assert.Contains($"{newLine}{indentation}{indentation}if (discount > 0){newLine}{indentation}{indentation}{{{newLine}{indentation}{indentation}{indentation}return discount;{newLine}", changed, StringComparison.Ordinal);
        Assert.Equal(changed.Count(character => character == '\n'), newLine == "\n" ? changed.ReplaceLineEndings("\n").Count(character => character == '\n') : changed.Split("\r\n").Length - 1);
    }

    [Fact]
    public async Task A_selection_over_two_members_rewrites_both()
    {
        Say("```csharp\npublic string Name => \"basket\";\n\npublic int Broken() => 1;\n```");
        var start = Cart.IndexOf("Name =>", StringComparison.Ordinal);
        var request = new CodeActionRequest(Snapshot(Cart), TextSpan.FromBounds(start, Cart.IndexOf("Missing", StringComparison.Ordinal)), CodeActionKind.Edit) { Instruction = "Rename the cart." };

        var edited = Assert.IsType<CodeActionResult.Edited>(await Service().ComputeAsync(request, _progress.Add, TestContext.Current.CancellationToken));

        var file = edited.Files.Single();
        Assert.Equal(["baske", "1"], file.Changes.Select(change => change.NewText));
        Assert.Equal(Cart.Replace("\"cart\"", "\"basket\"", StringComparison.Ordinal).Replace("Missing", "1", StringComparison.Ordinal), file.NewText.ToString());
        Assert.EndsWith("Task: Rename the cart.<|end|><|start|>assistant", Show(_engine.Requests.Single()), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_of_no_project_is_only_parsed_and_says_so()
    {
        var snapshot = new DocumentSnapshot(Path.Combine(TestSolution.Root, "Loose.cs"), "csharp", 1, SourceText.From("class A\n{\n    void M() { Unknown(); }\n}\n"));
        Say("```csharp\nvoid M() { Other(); }\n```");

        var result = await Service().ComputeAsync(new CodeActionRequest(snapshot, new TextSpan(20, 0), CodeActionKind.Simplify), _progress.Add, TestContext.Current.CancellationToken);

        Assert.Equal(EditVerification.Parsed, Assert.IsType<CodeActionResult.Edited>(result).Verification);
    }

    [Fact]
    public async Task Tests_become_a_new_file_of_the_test_project_in_its_framework()
    {
        using var solution = new TestSolution()
            .Add("Shop", [("Cart.cs", Cart.Replace("Missing", "1", StringComparison.Ordinal))])
            .Add("Shop.Tests", [("Usings.cs", "global using Xunit;")], "Shop");
        Say("```csharp\nnamespace Shop.Tests;\n\npublic class CartTests\n{\n    [Fact]\n    public void Sums() => Assert.Equal(5, new Cart().Total(1));\n}\n```");
        var text = solution.Find("Shop", "Cart.cs");
        var request = new CodeActionRequest(Snapshot((await text.GetTextAsync(TestContext.Current.CancellationToken)).ToString()), new TextSpan(Cart.IndexOf("foreach", StringComparison.Ordinal), 0), CodeActionKind.Tests);

        var edited = Assert.IsType<CodeActionResult.Edited>(await Service(solution).ComputeAsync(request, _progress.Add, TestContext.Current.CancellationToken));

        var file = edited.Files.Single();
        Assert.Equal((TestSolution.PathOf("Shop.Tests", "CartTests.cs"), null), (file.Path, file.OldText));
        Assert.Contains("Write unit tests for `Cart.Total` with xUnit", Show(_engine.Requests.Single()), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_explanation_is_text()
    {
        Say("It adds up.");

        Assert.Equal(new CodeActionResult.Explained("It adds up."), await ActAsync("foreach", CodeActionKind.Explain));
    }

    [Theory]
    [InlineData("foreach", "Explain, Document, Tests, Simplify, ValidateArguments, LoopToLinq, RenameLocals")]
    [InlineData("Missing", "Explain, Document, Tests")]
    [InlineData("NotImpl", "Explain, Implement, Document, Tests")]
    [InlineData("_prices =", "Explain, Document, Rename")]
    [InlineData("discount)", "Explain, Document, Tests, Simplify, ValidateArguments, LoopToLinq, RenameLocals, Rename")]
    [InlineData("using System", "")]
    public async Task What_is_offered_depends_on_the_code_and_asks_no_model(string at, string expected)
    {
        var offers = await ListAsync(Service(), Place(at));

        Assert.Equal(expected, string.Join(", ", offers.Select(offer => offer.Kind)));
        Assert.Empty(_engine.Requests);
    }

    [Fact]
    public async Task Problems_that_the_editor_knows_are_offered_at_once()
    {
        var problem = new CodeProblem("CA1822", "Mark as static", new TextSpan(Cart.IndexOf("Name", StringComparison.Ordinal), 4));

        var offers = await ListAsync(Service(), Place("Name") with { Problems = [problem], IsInvoked = true });

        Assert.Equal([new CodeActionOffer(CodeActionKind.Fix, "Fix CA1822: Mark as static", problem)], offers.Where(offer => offer.Kind == CodeActionKind.Fix));
    }

    [Fact]
    public async Task What_the_compiler_says_is_not_waited_for_and_is_there_once_it_was_found()
    {
        var (service, place) = (Service(), Place("Missing"));

        // A person who asks too early can still have the first problem fixed.
        Assert.Equal(new CodeActionOffer(CodeActionKind.Fix, "Fix the first error or warning here"), (await ListAsync(service, place with { IsInvoked = true }))[0]);

        Assert.Equal("Fix CS0103: The name 'Missing' does not exist in the current context", (await ListUntilKnownAsync(service, place)).Title);
        Assert.DoesNotContain(await ListAsync(service, Place("foreach") with { Document = place.Document, IsInvoked = true }), offer => offer.Kind == CodeActionKind.Fix);
    }

    [Fact]
    public async Task A_problem_is_offered_once_whoever_knows_it()
    {
        var (service, place) = (Service(), Place("Missing"));
        var found = (await ListUntilKnownAsync(service, place)).Problem!;

        var offers = await ListAsync(service, place with { Problems = [found with { Message = "in the editor's words" }] });

        Assert.Equal([found], offers.Where(offer => offer.Kind == CodeActionKind.Fix).Select(offer => offer.Problem));
    }

    [Fact]
    public async Task What_was_found_in_an_older_text_is_not_said_of_a_newer_one()
    {
        var (service, place) = (Service(), Place("Missing"));
        await ListUntilKnownAsync(service, place);

        var newer = place with { Document = Snapshot(Cart.Replace("Missing", "Missing + 1", StringComparison.Ordinal)) };
        Assert.DoesNotContain(await ListAsync(service, newer), offer => offer.Kind == CodeActionKind.Fix);
        Assert.Equal(place.Span.Start, (await ListUntilKnownAsync(service, newer)).Problem!.Span.Start);
    }

    [Fact]
    public async Task An_action_that_means_nothing_here_says_why()
    {
        var elsewhere = new DocumentSnapshot("/project/notes.md", "markdown", 1, SourceText.From("text"));

        var nowhere = Assert.IsType<CodeActionResult.Refused>(await Service().ComputeAsync(new CodeActionRequest(elsewhere, default, CodeActionKind.Simplify), _progress.Add, TestContext.Current.CancellationToken));
        var secret = Assert.IsType<CodeActionResult.Refused>(await Service().ComputeAsync(new CodeActionRequest(elsewhere with { Path = "/project/.env.cs", LanguageId = "csharp" }, default, CodeActionKind.Simplify), _progress.Add, TestContext.Current.CancellationToken));

        Assert.Equal("not-actionable", nowhere.Reason.Code);
        Assert.Equal("excluded-file", secret.Reason.Code);
    }

    [Fact]
    public async Task A_model_that_cannot_chat_names_the_command_that_fetches_one()
    {
        await using var starter = new ScriptedEngine(ScriptedEngine.FimModel);
        var service = new CodeActionService(starter, _ => _solution, PromptLibrary.BuiltInOnly, NullLogger.Instance);

        var refused = Assert.IsType<CodeActionResult.Refused>(await service.ComputeAsync(Request("foreach", CodeActionKind.Simplify), _progress.Add, TestContext.Current.CancellationToken));

        Assert.Contains("gptoss-codeassist model pull gpt-oss-20b", refused.Reason.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_kind_has_a_name_that_leads_back_and_a_prompt()
    {
        Assert.All(Enum.GetValues<CodeActionKind>(), kind => Assert.Equal(kind, CodeActionKinds.Find(CodeActionKinds.NameOf(kind))));
        Assert.All(
            Enum.GetValues<CodeActionKind>().Where(kind => kind != CodeActionKind.Explain),
            kind => Assert.Contains(PromptNames.Action(CodeActionKinds.NameOf(kind)), PromptNames.All.Keys));
    }

    private void Say(string answer) => _engine.Say("<|channel|>", "final", "<|message|>", answer, "<|return|>");

    private CodeActionService Service(TestSolution? solution = null) => new(_engine, _ => solution ?? _solution, PromptLibrary.BuiltInOnly, NullLogger.Instance);

    private Task<CodeActionResult> ActAsync(string at, CodeActionKind kind) =>
        Service().ComputeAsync(Request(at, kind), _progress.Add, TestContext.Current.CancellationToken);

    private static CodeActionRequest Request(string at, CodeActionKind kind) => new(Snapshot(Cart), new TextSpan(Cart.IndexOf(at, StringComparison.Ordinal), 0), kind);

    private static CodeActionPlace Place(string at) => new(Snapshot(Cart), new TextSpan(Cart.IndexOf(at, StringComparison.Ordinal), 0));

    private static Task<ImmutableArray<CodeActionOffer>> ListAsync(CodeActionService service, CodeActionPlace place) => service.ListAsync(place, TestContext.Current.CancellationToken);

    /// <summary>Asks as an editor does, again and again, until the background knows the place's problem.</summary>
    private static async Task<CodeActionOffer> ListUntilKnownAsync(CodeActionService service, CodeActionPlace place)
    {
        while (true)
        {
            if ((await ListAsync(service, place)).FirstOrDefault(offer => offer.Problem is not null) is { } found)
            {
                return found;
            }
        }
    }

    private static DocumentSnapshot Snapshot(string text) => new(TestSolution.PathOf("Shop", "Cart.cs"), "csharp", 1, SourceText.From(text));

    private static string Show(GenerationRequest request) =>
        string.Concat(request.Prompt.Select(part => part is PromptPart.Special special ? special.Name : ((PromptPart.Text)part).Value));
}
