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
        var lines = "first\n/effort low\nsecond\n/reset\n/dance\n/file nowhere.cs\nthird\n/exit\nnever\n";
        using var cli = new CliUnderTest(_engine) { Input = new MemoryStream(Encoding.UTF8.GetBytes(lines)) };

        Assert.Equal(0, await cli.RunAsync("chat"));

        Assert.Equal(
            """
            /file PATH adds a file, /effort low|medium|high, /reset forgets, /exit leaves.
            > one
            > Effort low.
            > two
            > Forgotten.
            > There is /file PATH, /effort low|medium|high, /reset and /exit.
            > There is no file nowhere.cs; check the path (it is looked up from where you are).
            > three
            >
            """,
            cli.Output.TrimEnd());
        Assert.Equal(3, _engine.Requests.Count);
        Assert.Contains("first", string.Concat(_engine.Requests.ElementAt(1).Prompt), StringComparison.Ordinal);
        Assert.DoesNotContain("second", string.Concat(_engine.Requests.ElementAt(2).Prompt), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_starter_model_names_the_command_that_fetches_one_that_can()
    {
        await using var starter = new ScriptedEngine();
        using var cli = new CliUnderTest(starter);

        Assert.Equal(1, await cli.RunAsync("chat", "Hi"));
        Assert.Contains("gptoss-codeassist model pull gpt-oss-20b", cli.Error, StringComparison.Ordinal);
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
