using GptOss.CodeAssist.TestSupport;

namespace GptOss.CodeAssist.Cli.Tests;

public sealed class CompletionsVerbTests
{
    [Theory]
    [InlineData("gptoss-codeassist mod", "model")]
    [InlineData("gptoss-codeassist model pu", "pull")]
    [InlineData("gptoss-codeassist model pull gpt", "gpt-oss-120b", "gpt-oss-20b")]
    [InlineData("gptoss-codeassist act a.cs:1:1 --action lo", "loop-to-linq")]
    [InlineData("gptoss-codeassist config set completion.max", "completion.maxLines", "completion.maxTokens")]
    public async Task What_a_shell_asks_to_be_completed_is_completed(string line, params string[] expected)
    {
        await using var engine = new ScriptedEngine();
        using var cli = new CliUnderTest(engine);

        Assert.Equal(0, await cli.RunAsync($"[suggest:{line.Length}]", line));

        var words = cli.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        Assert.Equal(expected, words.Where(word => word.StartsWith(line[(line.LastIndexOf(' ') + 1)..], StringComparison.Ordinal)).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("bash")]
    [InlineData("zsh")]
    [InlineData("fish")]
    [InlineData("pwsh")]
    public async Task Every_shell_has_a_script_that_asks_the_program(string shell)
    {
        await using var engine = new ScriptedEngine();
        using var cli = new CliUnderTest(engine);

        Assert.Equal(0, await cli.RunAsync("completions", shell));
        Assert.Contains("gptoss-codeassist \"[suggest:", cli.Output, StringComparison.Ordinal);
    }
}
