using System.Globalization;
using System.Text;
using GptOss.CodeAssist.Assistant.Completion;
using GptOss.CodeAssist.Inference;
using GptOss.CodeAssist.TestSupport;
using Microsoft.CodeAnalysis.Text;
using Microsoft.Extensions.Logging.Abstractions;

namespace GptOss.CodeAssist.Assistant.Tests.Completion;

public sealed class PromptTests
{
    /// <summary>Nothing is computed ahead, so that a test's engine is asked only what the test asks.</summary>
    private static readonly CompletionOptions OneAnswerOnly = CompletionOptions.Default with { Prefetch = false, InvokedCandidates = 1 };

    private static readonly string LongFile = string.Concat(Enumerable.Range(0, 400).Select(number =>
        string.Create(CultureInfo.InvariantCulture, $"    public int Member{number} {{ get; set; }} = {number};\n")));

    [Fact]
    public async Task A_fill_in_the_middle_prompt_has_the_suffix_first_and_code_never_becomes_a_control_token()
    {
        await using var engine = new ScriptedEngine();

        await Ask(engine, "class C\n{\n    // <|endoftext|>\n    int $0\n}\n");

        var request = Assert.Single(engine.Requests);
        Assert.Equal("[<|fim_suffix|>]\n}\n[<|fim_prefix|>]// File: File.cs\nclass C\n{\n    // <|endoftext|>\n    int [<|fim_middle|>]", Show(request));
        Assert.True(request.HealPromptEnd);
        Assert.Contains("<|endoftext|>", request.StopTokens);
        Assert.Equal("/project/File.cs", request.CacheKey);
    }

    [Fact]
    public async Task A_harmony_prompt_opens_the_final_channel_and_prefills_the_code_before_the_caret()
    {
        await using var engine = new ScriptedEngine(ScriptedEngine.HarmonyModel);

        await Ask(engine, "class C\n{\n    int a;\n    int b;\n    int c;\n    int $0\n}\n");

        var prompt = Show(Assert.Single(engine.Requests));
        var user = prompt[prompt.IndexOf("[<|start|>]user", StringComparison.Ordinal)..];
        Assert.Equal(
            """
            [<|start|>]user[<|message|>]File: File.cs

            Code after the caret:
            ```csharp
            }
            ```

            Code before the caret:
            ```csharp
            class C
            {

            ```[<|end|>][<|start|>]assistant[<|channel|>]final[<|message|>]```csharp
                int a;
                int b;
                int c;
                int 
            """.Replace("\r", "", StringComparison.Ordinal),
            user);
    }

    [Fact]
    public async Task Windows_line_ends_and_tabs_are_hidden_from_the_model()
    {
        await using var engine = new ScriptedEngine();

        await Ask(engine, "class C\r\n{\r\n\tint a;\r\n\tint $0\r\n}\r\n");

        Assert.Equal("[<|fim_suffix|>]\n}\n[<|fim_prefix|>]// File: File.cs\nclass C\n{\n    int a;\n    int [<|fim_middle|>]", Show(Assert.Single(engine.Requests)));
    }

    [Fact]
    public async Task Inserted_closers_are_hidden_from_the_model_so_that_the_suffix_stays()
    {
        await using var engine = new ScriptedEngine();

        await Ask(engine, "Foo$0\n}\n");
        await Ask(engine, "Foo($0)\n}\n");

        Assert.All(engine.Requests, request => Assert.StartsWith("[<|fim_suffix|>]\n}\n[<|fim_prefix|>]// File: File.cs\nFoo", Show(request), StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2_500)]
    [InlineData(12_345)]
    public async Task The_windows_stay_within_what_the_model_was_trained_for(int offset)
    {
        await using var engine = new ScriptedEngine();

        await Ask(engine, LongFile.Insert(offset, "$0"));

        var texts = Assert.Single(engine.Requests).Prompt.OfType<PromptPart.Text>().Select(part => part.Value).ToList();
        Assert.InRange(texts[0].Length, 100, 400);
        Assert.InRange(texts[1].Length, Math.Min(offset, 300), 800);
    }

    [Fact]
    public async Task A_minified_file_of_one_line_is_cut_too()
    {
        await using var engine = new ScriptedEngine();
        var line = string.Concat(Enumerable.Repeat("a=b(c);", 100_000));

        await Ask(engine, line.Insert(350_000, "$0"));

        var texts = Assert.Single(engine.Requests).Prompt.OfType<PromptPart.Text>().Select(part => part.Value).ToList();
        Assert.InRange(texts[0].Length, 100, 400);
        Assert.InRange(texts[1].Length, 300, 800);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Typing_changes_nothing_but_the_end_of_the_prompt_except_when_the_window_moves(bool isHarmony)
    {
        var typed = string.Concat(Enumerable.Range(0, 40).Select(number =>
            string.Create(CultureInfo.InvariantCulture, $"        var value{number} = Compute(first, {number});\n")));
        await using var engine = new ScriptedEngine(isHarmony ? ScriptedEngine.HarmonyModel with { MaxPrefixTokens = 200, MaxSuffixTokens = 100 } : null);
        var service = new CompletionService(engine, OneAnswerOnly, NullLogger.Instance);
        var (before, after) = (LongFile[..2_000] + "    void M()\n    {\n", "\n    }\n" + LongFile[2_000..4_000]);

        for (var length = 0; length <= typed.Length; length++)
        {
            await Ask(service, before + typed[..length] + "$0" + after);
        }

        // A caret in white space ends its line's text early, hence the comparison up to the shorter prompt's end.
        var prompts = engine.Requests.Select(request => Show(request).Replace("[<|fim_middle|>]", "", StringComparison.Ordinal)).ToList();
        var moves = prompts.Zip(prompts.Skip(1)).Count(pair => !pair.Second.StartsWith(pair.First, StringComparison.Ordinal));
        Assert.Equal(typed.Length + 1, prompts.Count);
        Assert.InRange(moves, 1, 1 + (typed.Length / 250));
    }

    [Fact]
    public async Task Edits_above_the_window_do_not_move_it()
    {
        await using var engine = new ScriptedEngine();
        var service = new CompletionService(engine, OneAnswerOnly, NullLogger.Instance);

        await Ask(service, LongFile.Insert(9_000, "$0"));
        await Ask(service, ("using System;\n" + LongFile).Insert(9_000 + "using System;\n".Length, "$0"));

        Assert.Equal(Show(engine.Requests.First()), Show(engine.Requests.Last()));
    }

    private static string Show(GenerationRequest request)
    {
        var shown = new StringBuilder();
        foreach (var part in request.Prompt)
        {
            _ = part is PromptPart.Special special ? shown.Append('[').Append(special.Name).Append(']') : shown.Append(((PromptPart.Text)part).Value);
        }

        return shown.ToString();
    }

    private static Task<CompletionAnswer> Ask(ScriptedEngine engine, string marked) => Ask(new CompletionService(engine, OneAnswerOnly, NullLogger.Instance), marked);

    private static Task<CompletionAnswer> Ask(CompletionService service, string marked)
    {
        var caret = marked.IndexOf("$0", StringComparison.Ordinal);
        var document = new DocumentSnapshot("/project/File.cs", "csharp", 1, SourceText.From(marked.Remove(caret, 2)));
        return service.CompleteAsync(new CompletionRequest(document, caret, CompletionTrigger.Invoked), TestContext.Current.CancellationToken);
    }
}
