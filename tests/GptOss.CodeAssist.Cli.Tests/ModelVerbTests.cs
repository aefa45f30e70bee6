using System.Text.Json;
using GptOss.CodeAssist.Cli.Measuring;
using GptOss.CodeAssist.TestSupport;
using GptOss.CodeAssist.TestSupport.Models;

namespace GptOss.CodeAssist.Cli.Tests;

public sealed class ModelVerbTests
{
    [Fact]
    public async Task Info_tells_machines_what_a_model_is_and_what_it_takes()
    {
        await using var engine = new ScriptedEngine();
        using var cli = new CliUnderTest(engine);

        var exitCode = await cli.RunAsync("model", "info", SmallModel.GetPath(), "--context", "1024", "--json");

        Assert.Equal((0, ""), (exitCode, cli.Error));
        var info = JsonDocument.Parse(cli.Output).RootElement;
        Assert.Equal("gpt-oss", info.GetProperty("architecture").GetString());
        Assert.Equal(2, info.GetProperty("layers").GetInt32());
        Assert.Equal(1024, info.GetProperty("contextLength").GetInt32());
        Assert.Equal(
            info.GetProperty("totalBytes").GetInt64(),
            info.GetProperty("weightBytes").GetInt64() + info.GetProperty("cacheBytes").GetInt64() + info.GetProperty("computeBytes").GetInt64());
        Assert.Empty(engine.Requests);
    }

    [Fact]
    public async Task Info_about_gpt_oss_20b_says_what_a_small_machine_lacks()
    {
        using var folder = new TemporaryFolder();
        var path = folder.PathOf("gpt-oss-20b.gguf");
        SmallModel.WriteHollow(SmallModelOptions.Gpt20b, path);
        await using var engine = new ScriptedEngine();
        using var cli = new CliUnderTest(engine);

        var exitCode = await cli.RunAsync("model", "info", path, "--context", "100000000");

        Assert.Equal(1, exitCode);
        Assert.Contains("24 layers of width 2880, 4 of 32 experts a token; every other looks at the last 128 tokens only", cli.Output);
        Assert.Contains("Choose a smaller model or", cli.Output);
    }

    [Theory]
    [InlineData(2, "is a folder", "model", "info", ".")]
    [InlineData(2, "There is no model", "model", "info", "nowhere.gguf")]
    [InlineData(2, "--peer wants a URL", "bench", "--peer", "nonsense")]
    [InlineData(2, "There is no file", "bench", "--file", "nowhere.cs")]
    public async Task Bad_input_is_one_line_that_says_what_is_wrong(int expectedCode, string expected, params string[] arguments)
    {
        await using var engine = new ScriptedEngine();
        using var cli = new CliUnderTest(engine);

        Assert.Equal(expectedCode, await cli.RunAsync(arguments));
        Assert.Contains(expected, Assert.Single(cli.Error.TrimEnd().Split('\n')), StringComparison.Ordinal);
    }

    [Fact]
    public void The_typing_script_ends_with_exactly_the_file_and_never_moves_by_more_than_a_key()
    {
        var source = string.Concat(Enumerable.Range(0, 60).Select(i => $"    public int Value{i} => {i};\n"));
        var script = new TypingScript(source, 300, seed: 3);
        var (keys, deletions) = (0, 0);
        for (; !script.IsDone; keys++)
        {
            var before = script.Prefix;
            script.Press();
            deletions += script.Prefix.Length < before.Length ? 1 : 0;
            var typed = script.Prefix.Length > before.Length ? script.Prefix[before.Length..] : "";
            Assert.True(typed.Length <= 1 || string.IsNullOrWhiteSpace(typed[1..]), $"'{typed}' is more than a key.");
        }

        Assert.Equal(source, script.Prefix + script.Suffix[1..]);
        Assert.InRange(keys, 200, 400);
        Assert.NotEqual(0, deletions);
    }
}
