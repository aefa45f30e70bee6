using System.Text.Json;
using GptOss.CodeAssist.TestSupport;

namespace GptOss.CodeAssist.Cli.Tests;

public sealed class ActVerbTests : IDisposable
{
    private const string Source = "public class Cart\r\n{\r\n    public int Total(int discount)\r\n    {\r\n        return Missing;\r\n    }\r\n}\r\n";
    private const string Good = "```csharp\npublic int Total(int discount)\n{\n    return discount;\n}\n```";

    private readonly TemporaryFolder _folder = new();
    private readonly ScriptedEngine _engine = new(ScriptedEngine.HarmonyModel);
    private readonly string _file;

    public ActVerbTests()
    {
        File.WriteAllText(_folder.PathOf("Shop.csproj"), """<Project Sdk="Microsoft.NET.Sdk"><PropertyGroup><TargetFramework>net10.0</TargetFramework></PropertyGroup></Project>""");
        _file = _folder.PathOf("Cart.cs");
        File.WriteAllText(_file, Source, new System.Text.UTF8Encoding(true));
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task The_edit_is_shown_as_a_diff_with_what_the_compiler_says_and_nothing_is_written()
    {
        using var cli = Say(Good);

        var exitCode = await cli.RunAsync("act", $"{_file}:5:16", "--action", "fix");

        Assert.Equal((0, ""), (exitCode, cli.Error));
        Assert.Contains("-        return Missing;\n+        return discount;\n", cli.Output, StringComparison.Ordinal);
        Assert.EndsWith("Compiled in memory: no new errors. Not written; --write does.\n", cli.Output, StringComparison.Ordinal);
        Assert.Equal(Source, await File.ReadAllTextAsync(_file, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task An_escape_sequence_in_the_models_code_does_not_reach_the_terminal()
    {
        using var cli = Say("```csharp\npublic int Total(int discount)\n{\n    return \"\u001b[31m\".Length;\n}\n```");

        Assert.Equal(0, await cli.RunAsync("act", $"{_file}:5:16", "--action", "fix"));

        Assert.Contains("+        return \"[31m\".Length;\n", cli.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("never", 0)]
    [InlineData("sometimes", 2)]
    public async Task Trust_is_ask_always_or_never(string trust, int exitCode)
    {
        using var cli = Say(Good);

        Assert.Equal(exitCode, await cli.RunAsync("act", $"{_file}:5:16", "--action", "fix", "--trust", trust));
    }

    [Fact]
    public async Task Write_changes_the_file_and_keeps_its_byte_order_mark_and_line_endings()
    {
        using var cli = Say(Good);

        Assert.Equal(0, await cli.RunAsync("act", $"{_file}:5:16", "--action", "fix", "--write"));

        var bytes = await File.ReadAllBytesAsync(_file, TestContext.Current.CancellationToken);
        Assert.Equal([0xEF, 0xBB, 0xBF], bytes[..3]);
        Assert.Equal(Source.Replace("Missing", "discount", StringComparison.Ordinal), System.Text.Encoding.UTF8.GetString(bytes[3..]));
        Assert.EndsWith("Written.\n", cli.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_refused_edit_is_shown_with_its_errors_and_never_written()
    {
        using var cli = Say("```csharp\npublic int Total(int discount) => one;\n```", "```csharp\npublic int Total(int discount) => two;\n```");

        Assert.Equal(1, await cli.RunAsync("act", $"{_file}:5:16", "--action", "simplify", "--write", "--json"));

        var report = JsonDocument.Parse(cli.Output).RootElement;
        Assert.Equal("edit-rejected", report.GetProperty("reason").GetProperty("code").GetString());
        Assert.Equal("CS0103", report.GetProperty("errors")[0].GetProperty("id").GetString());
        Assert.Contains("=> two;", report.GetProperty("files")[0].GetProperty("diff").GetString(), StringComparison.Ordinal);
        Assert.False(report.GetProperty("written").GetBoolean());
        Assert.Equal(Source, await File.ReadAllTextAsync(_file, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_selection_and_an_instruction_are_understood()
    {
        using var cli = Say(Good);

        Assert.Equal(0, await cli.RunAsync("act", $"{_file}:3:5-6:6", "-a", "edit", "-i", "Return the discount.", "--json"));

        Assert.Equal("compiled", JsonDocument.Parse(cli.Output).RootElement.GetProperty("verification").GetString());
        Assert.Contains("Task: Return the discount.", string.Concat(_engine.Requests.Single().Prompt), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_explanation_is_text()
    {
        using var cli = Say("It is **broken**:\n```csharp\nreturn Missing;\n```");

        Assert.Equal(0, await cli.RunAsync("act", $"{_file}:5:16", "--action", "explain"));
        Assert.Equal("It is **broken**:\n```csharp\nreturn Missing;\n```\n", cli.Output);
    }

    [Theory]
    [InlineData("dance", "5:16", "There is no action 'dance'")]
    [InlineData("fix", "99:1", "has 8 lines")]
    [InlineData("fix", "5:16-5:1", "ends before it begins")]
    [InlineData("fix", "5", "FILE:LINE:COL")]
    [InlineData("edit", "5:16", "needs an instruction")]
    public async Task Nonsense_is_bad_usage(string action, string place, string message)
    {
        using var cli = new CliUnderTest(_engine);

        Assert.Equal(2, await cli.RunAsync("act", $"{_file}:{place}", "--action", action));
        Assert.Contains(message, cli.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_of_another_language_is_bad_usage()
    {
        await File.WriteAllTextAsync(_folder.PathOf("a.py"), "x = 1\n", TestContext.Current.CancellationToken);
        using var cli = new CliUnderTest(_engine);

        Assert.Equal(2, await cli.RunAsync("act", $"{_folder.PathOf("a.py")}:1:1", "--action", "fix"));
        Assert.Contains("is not C#", cli.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_starter_model_names_the_command_that_fetches_one_that_can()
    {
        await using var starter = new ScriptedEngine();
        using var cli = new CliUnderTest(starter);

        Assert.Equal(1, await cli.RunAsync("act", $"{_file}:5:16", "--action", "fix"));
        Assert.Contains("gptoss-codeassist model pull gpt-oss-20b", cli.Error, StringComparison.Ordinal);
    }

    private CliUnderTest Say(params string[] answers)
    {
        foreach (var answer in answers)
        {
            _engine.Say("<|channel|>", "final", "<|message|>", answer, "<|return|>");
        }

        return new CliUnderTest(_engine);
    }
}
