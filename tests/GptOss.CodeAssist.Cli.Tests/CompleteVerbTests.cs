using System.Text.Json;
using GptOss.CodeAssist.Inference;
using GptOss.CodeAssist.TestSupport;

namespace GptOss.CodeAssist.Cli.Tests;

public sealed class CompleteVerbTests : IDisposable
{
    private const string Code = "class C\n{\n    int Count\n}\n";
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public async Task Ghost_text_is_shown_in_its_place_in_the_file()
    {
        await using var engine = new ScriptedEngine().Say(" => 1;", "\n");
        using var cli = new CliUnderTest(engine);

        var exitCode = await cli.RunAsync("complete", $"{Write("A.cs", Code)}:3:14", "--automatic");

        Assert.Equal((0, ""), (exitCode, cli.Error));
        var lines = cli.Output.Split('\n');
        Assert.Equal("     2 │ {", lines[2]);
        Assert.Equal("     3 │     int Count⟦ => 1;⟧", lines[3]);
        Assert.Equal("     4 │ }", lines[4]);
        Assert.Contains("scripted", lines[^2]);
    }

    [Fact]
    public async Task Json_has_the_items_with_ranges_counted_from_zero_and_the_cost()
    {
        await using var engine = new ScriptedEngine().Say("1", ");", "\n").Say("2", ");", "\n");
        using var cli = new CliUnderTest(engine);

        var exitCode = await cli.RunAsync("complete", $"{Write("A.cs", "Foo()\n")}:1:5", "--json");

        Assert.Equal((0, ""), (exitCode, cli.Error));
        var report = JsonDocument.Parse(cli.Output).RootElement;
        Assert.Equal(["1);", "2);"], report.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("insertText").GetString()));
        Assert.Equal("""{"start":{"line":0,"character":4},"end":{"line":0,"character":5}}""", Compact(report.GetProperty("items")[0].GetProperty("range")));
        Assert.Equal(JsonValueKind.Null, report.GetProperty("reason").ValueKind);
        Assert.Equal("scripted", report.GetProperty("model").GetString());
        Assert.True(report.GetProperty("promptTokens").GetInt32() > 0);
        Assert.Equal(0, report.GetProperty("reusedTokens").GetInt32());
        Assert.True(report.GetProperty("generatedTokens").GetInt32() > 0);
        Assert.True(report.GetProperty("firstTokenMs").GetDouble() <= report.GetProperty("totalMs").GetDouble());
    }

    [Fact]
    public async Task An_empty_answer_says_why_on_both_channels_and_fails()
    {
        await using var engine = new ScriptedEngine();
        using var cli = new CliUnderTest(engine);

        var exitCode = await cli.RunAsync("complete", $"{Write("A.cs", Code)}:3:14", "--json");

        Assert.Equal(1, exitCode);
        Assert.Equal("nothing-generated", JsonDocument.Parse(cli.Output).RootElement.GetProperty("reason").GetProperty("code").GetString());
        Assert.EndsWith("A.cs:3:14: The model had nothing to add here. (nothing-generated)", cli.Error.TrimEnd(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("A.cs", 2, "Where is the caret in")]
    [InlineData("A.cs:x:1", 2, "The line 'x' is not a number from 1")]
    [InlineData("A.cs:1:0", 2, "The column '0' is not a number from 1")]
    [InlineData("A.cs:9:1", 2, "has 5 lines, so there is no line 9")]
    [InlineData("A.cs:1:9", 2, "has 7 characters, so that the caret can be in columns 1 to 8, not 9")]
    [InlineData("B.cs:1:1", 2, "There is no file")]
    [InlineData("sub:1:1", 2, "is a folder; name a file in it")]
    [InlineData("binary.cs:1:1", 2, "is not a text file")]
    [InlineData("empty.cs:1:1", 1, "The file is empty")]
    [InlineData("notes.md:1:1", 1, "knows C# only, and this is markdown")]
    [InlineData("huge.cs:1:1", 1, "has 50 MB")]
    [InlineData("A.cs:1:1 --model sub", 2, "sub is a folder; name the .gguf file in it")]
    [InlineData("A.cs:1:1 --model none.gguf", 2, "There is no model")]
    [InlineData("A.cs:1:1 --bogus", 2, "Unrecognized command or argument '--bogus'")]
    public async Task What_cannot_work_is_one_clear_line_on_stderr(string arguments, int expectedExitCode, string expectedError)
    {
        Write("A.cs", Code);
        Write("empty.cs", "");
        Write("notes.md", "# Notes\n");
        Directory.CreateDirectory(Path.Combine(_folder.FullName, "sub"));
        await File.WriteAllBytesAsync(Path.Combine(_folder.FullName, "binary.cs"), new byte[4096], TestContext.Current.CancellationToken);
        await using (var huge = File.Create(Path.Combine(_folder.FullName, "huge.cs")))
        {
            huge.SetLength(50_000_000);
        }

        await using var engine = new ScriptedEngine { Default = "x" };
        using var cli = new CliUnderTest(engine);
        var words = arguments.Split(' ');
        words[0] = Path.Combine(_folder.FullName, words[0]);
        if (words is [_, "--model", var model])
        {
            words[2] = Path.Combine(_folder.FullName, model);
        }

        var exitCode = await cli.RunAsync(["complete", .. words]);

        Assert.Contains(expectedError, cli.Error.Replace(_folder.FullName + Path.DirectorySeparatorChar, "", StringComparison.Ordinal));
        Assert.Single(cli.Error.TrimEnd().Split('\n'));
        Assert.Equal("", cli.Output);
        Assert.Equal(expectedExitCode, exitCode);
    }

    [Fact]
    public async Task A_model_that_cannot_be_loaded_fails_with_its_own_reason()
    {
        await using var engine = new ScriptedEngine();
        engine.ChangeStatus(new EngineStatus.Failed(InferenceError.ModelInvalid, "The file is not GGUF."));
        using var cli = new CliUnderTest(engine);

        var exitCode = await cli.RunAsync("complete", $"{Write("A.cs", Code)}:3:14");

        Assert.Equal((1, "The file is not GGUF."), (exitCode, cli.Error.TrimEnd()));
    }

    [Fact]
    public async Task Without_a_choice_the_model_beside_the_program_is_used()
    {
        await using var engine = new ScriptedEngine();
        using var cli = new CliUnderTest(engine);

        await cli.RunAsync("complete", $"{Write("A.cs", Code)}:3:14");

        Assert.Equal(Path.Combine(AppContext.BaseDirectory, "models", "starter.gguf"), cli.ModelPath);
    }

    public void Dispose() => _folder.Dispose();

    private string Write(string name, string content)
    {
        var path = Path.Combine(_folder.FullName, name);
        File.WriteAllText(path, content);
        return path;
    }

    private static string Compact(JsonElement element) => JsonSerializer.Serialize(element);
}
