using System.Text;
using System.Text.Json;
using GptOss.CodeAssist.Cli.Showing;
using GptOss.CodeAssist.TestSupport;
using Spectre.Console;

namespace GptOss.CodeAssist.Cli.Tests;

public sealed class ChatVerbTests : IAsyncDisposable
{
    private readonly ScriptedEngine _engine = new(ScriptedEngine.HarmonyModel);

    public ValueTask DisposeAsync() => _engine.DisposeAsync();

    [Fact]
    public async Task One_question_is_answered_plainly_without_the_thoughts()
    {
        _engine.Say("<|channel|>", "analysis", "<|message|>", "Hm.", "<|end|>", "<|start|>", "assistant", "<|channel|>", "final", "<|message|>", "Use `", "yield", "`.\n", "```cs", "harp\nyield", " return 1;\n```", "<|return|>");
        using var cli = new CliUnderTest(_engine);

        var exitCode = await cli.RunAsync("chat", "How?", "--effort", "high");

        Assert.Equal((0, "", "Use `yield`.\n```csharp\nyield return 1;\n```\n"), (exitCode, cli.Error, cli.Output));
        Assert.Contains("Reasoning: high", string.Concat(_engine.Requests.Single().Prompt), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_question_may_be_piped_in_and_a_file_goes_with_it()
    {
        using var folder = new TemporaryFolder();
        await File.WriteAllTextAsync(folder.PathOf("a b.cs"), "class Piped { }", TestContext.Current.CancellationToken);
        Say("ok");
        using var cli = new CliUnderTest(_engine) { IsInputTerminal = false, Input = new MemoryStream(Encoding.UTF8.GetBytes("What is it?\n")) };

        Assert.Equal(0, await cli.RunAsync("chat", "--file", folder.PathOf("a b.cs"), "--json"));

        Assert.Equal("ok", JsonDocument.Parse(cli.Output).RootElement.GetProperty("text").GetString());
        var prompt = string.Concat(_engine.Requests.Single().Prompt);
        Assert.Contains("File a b.cs:\n```\nclass Piped { }\n```", prompt, StringComparison.Ordinal);
        Assert.Contains("What is it?", prompt, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_conversation_goes_on_until_exit()
    {
        Say("one").Say("two").Say("three");
        var lines = "first\n/effort low\nsecond\n/reset\n/dance\n/effort heroic\n/file nowhere.cs\n\"\"\"third\nof two lines\"\"\"\n/exit\nnever\n";
        using var cli = new CliUnderTest(_engine) { Input = new MemoryStream(Encoding.UTF8.GetBytes(lines)) };

        Assert.Equal(0, await cli.RunAsync("chat"));

        const string Help = "/file PATH adds a file, /effort low|medium|high, /reset forgets, /exit or Ctrl-D leaves.\nCtrl-C stops an answer, \"\"\" begins and ends a text of several lines.";
        Assert.Equal(
            $"""
            {Help}
            > one
            > Effort low.
            > two
            > Forgotten.
            > {Help}
            > The effort is low, medium or high.
            > There is no file nowhere.cs; check the path (it is looked up from where you are).
            > three
            >
            """,
            cli.Output.TrimEnd());
        Assert.Equal(3, _engine.Requests.Count);
        Assert.Contains("first", string.Concat(_engine.Requests.ElementAt(1).Prompt), StringComparison.Ordinal);
        Assert.DoesNotContain("second", string.Concat(_engine.Requests.ElementAt(2).Prompt), StringComparison.Ordinal);
        Assert.Contains("third\nof two lines", string.Concat(_engine.Requests.ElementAt(2).Prompt), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_interrupt_stops_the_answer_and_not_the_conversation_and_the_file_goes_with_the_next_question()
    {
        using var folder = new TemporaryFolder();
        await File.WriteAllTextAsync(folder.PathOf("a.cs"), "class Kept { }", TestContext.Current.CancellationToken);
        using var cli = new CliUnderTest(_engine) { Input = new MemoryStream(Encoding.UTF8.GetBytes("unheard of\nsecond\n")) };
        _engine.Script((_, token) => UntilInterruptedAsync(cli, token));
        Say("two");

        Assert.Equal(0, await cli.RunAsync("chat", "--file", folder.PathOf("a.cs")));

        Assert.Contains("> begun\nStopped; the conversation is as it was before the question.\n> two\n", cli.Output, StringComparison.Ordinal);
        var prompt = string.Concat(_engine.Requests.Last().Prompt);
        Assert.DoesNotContain("unheard of", prompt, StringComparison.Ordinal);
        Assert.Contains("class Kept { }", prompt, StringComparison.Ordinal);

        static async IAsyncEnumerable<string> UntilInterruptedAsync(CliUnderTest cli, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken token)
        {
            foreach (var piece in new[] { "<|channel|>", "final", "<|message|>", "begun" })
            {
                yield return piece;
            }

            Assert.True(cli.Interrupt());
            // The second one ends the program.
            Assert.False(cli.Interrupt());
            await Task.Delay(Timeout.Infinite, token);
        }
    }

    [Theory]
    [InlineData("always", "Speak like a pirate.")]
    [InlineData("never", "You are a programming assistant")]
    public async Task A_repositorys_prompts_count_where_its_folder_is_trusted(string trust, string expected)
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder.PathOf(".git"));
        Directory.CreateDirectory(folder.PathOf(".gptoss", "prompts"));
        await File.WriteAllTextAsync(folder.PathOf(".gptoss", "prompts", "chat.md"), "---\nrole: developer\n---\nSpeak like a pirate.", TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(folder.PathOf("a.cs"), "class A { }", TestContext.Current.CancellationToken);
        Say("ok");
        using var cli = new CliUnderTest(_engine);

        Assert.Equal(0, await cli.RunAsync("chat", "Hi", "--file", folder.PathOf("a.cs"), "--trust", trust, "--log-level", "Warning"));

        Assert.Contains(expected, string.Concat(_engine.Requests.Single().Prompt), StringComparison.Ordinal);
        Assert.Equal(trust == "never", cli.Error.Contains("are not used, because the folder of the repository is not trusted", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_prompt_that_cannot_be_used_is_told_once_and_the_built_in_one_counts()
    {
        Say("one").Say("two");
        using var cli = new CliUnderTest(_engine) { Input = new MemoryStream("Hi\nAgain\n"u8.ToArray()) };
        var folder = Directory.CreateDirectory(Path.Combine(cli.UserFolder, "config", "prompts"));
        await File.WriteAllTextAsync(Path.Combine(folder.FullName, "chat.md"), "---\nrole: developer\n---\n{{ nosuch }}", TestContext.Current.CancellationToken);

        Assert.Equal(0, await cli.RunAsync("chat"));

        Assert.EndsWith("chat.md is not used: The prompt has no placeholder nosuch; it has has_tools.", Assert.Single(cli.Error.TrimEnd().Split('\n')), StringComparison.Ordinal);
        Assert.Contains("You are a programming assistant", string.Concat(_engine.Requests.Last().Prompt), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_starter_model_names_the_command_that_fetches_one_that_can()
    {
        await using var starter = new ScriptedEngine();
        using var cli = new CliUnderTest(starter);

        Assert.Equal(1, await cli.RunAsync("chat", "Hi"));
        Assert.Contains("gptoss-codeassist model pull gpt-oss-20b", cli.Error, StringComparison.Ordinal);
        cli.Clear();
        // A conversation is not begun only to be refused at every question.
        Assert.Equal(1, await cli.RunAsync("chat"));
        Assert.Contains("gptoss-codeassist model pull gpt-oss-20b", cli.Error, StringComparison.Ordinal);
        Assert.Empty(cli.Output);
    }

    [Fact]
    public async Task No_question_is_bad_usage()
    {
        using var cli = new CliUnderTest(_engine) { IsInputTerminal = false };

        Assert.Equal(2, await cli.RunAsync("chat"));
        Assert.Equal(2, await cli.RunAsync("chat", "x", "--effort", "heroic"));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(1000)]
    public void Markdown_is_coloured_however_it_is_cut_and_escape_sequences_stay_out(int pieceLength)
    {
        const string Markdown = "# Title\nA **bold** and `code` *word* 2*3.\u001b[31m\n```csharp\nvar x = \"s\"; // c\n```\nlast **";
        using var writer = new StringWriter();
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Ansi = AnsiSupport.Yes, ColorSystem = ColorSystemSupport.Standard, Out = new AnsiConsoleOutput(writer) });
        var stream = new MarkdownStream(console);
        foreach (var piece in Markdown.Chunk(pieceLength))
        {
            stream.Write(new string(piece));
        }

        stream.Finish();

        var shown = writer.ToString().ReplaceLineEndings("\n");
        Assert.DoesNotContain("\u001b[31m", shown, StringComparison.Ordinal);
        var plain = System.Text.RegularExpressions.Regex.Replace(shown, "\u001b\\[[0-9;]*m", "");
        Assert.Equal("# Title\nA bold and code *word* 2*3.[31m\n```csharp\nvar x = \"s\"; // c\n```\nlast \n", plain);
        Assert.Contains("\u001b[1m", shown, StringComparison.Ordinal);
    }

    private ChatVerbTests Say(string answer)
    {
        _engine.Say("<|channel|>", "final", "<|message|>", answer, "<|return|>");
        return this;
    }
}
