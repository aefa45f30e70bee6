using System.Text.Json;
using GptOss.CodeAssist.Cli.Evaluation;
using GptOss.CodeAssist.Inference;
using GptOss.CodeAssist.TestSupport;

namespace GptOss.CodeAssist.Cli.Tests;

public sealed class EvalCompletionVerbTests : IDisposable
{
    private const string Line = "        total = total + step;";
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public async Task A_model_that_knows_the_code_gets_full_marks()
    {
        await using var engine = Completing(Line + "\n");

        var report = await EvaluateAsync(engine);

        Assert.Equal(20, report.GetProperty("samples").GetInt32());
        foreach (var figures in new[] { report, report.GetProperty("without").GetProperty("gate"), report.GetProperty("without").GetProperty("healing") })
        {
            Assert.Equal(
                [100, 100, 100, 100, 100, 100, 100],
                new[] { "shown", "exactMatch", "editSimilarity", "identifierMatch", "charsSaved", "parses", "binds" }.Select(name => figures.GetProperty(name).GetDouble()));
            Assert.True(figures.GetProperty("firstTokenMs").GetProperty("p50").GetDouble() <= figures.GetProperty("totalMs").GetProperty("p50").GetDouble());
            Assert.True(figures.GetProperty("ownMs").GetProperty("p50").GetDouble() <= figures.GetProperty("ownMs").GetProperty("p95").GetDouble());
        }
    }

    [Fact]
    public async Task A_model_that_writes_nonsense_shows_what_the_gate_buys()
    {
        await using var engine = new ScriptedEngine { Default = ") ] = nonsense" };

        var report = await EvaluateAsync(engine);

        Assert.Equal(0, report.GetProperty("exactMatch").GetDouble());
        Assert.True(report.GetProperty("shown").GetDouble() < report.GetProperty("without").GetProperty("gate").GetProperty("shown").GetDouble());
        Assert.Equal(0, report.GetProperty("without").GetProperty("gate").GetProperty("binds").GetDouble());
    }

    [Theory]
    [InlineData("kitten", "sitting", 57.1)]
    [InlineData("a  +\n b", "a + b", 100)]
    [InlineData("", "", 100)]
    public void Edit_similarity_is_one_less_the_share_of_edits(string expected, string actual, double percent) =>
        Assert.Equal(percent, Math.Round(Similarity.OfEdits(expected, actual) * 100, 1));

    [Theory]
    [InlineData("value + other;", "value + others;", 8)]
    [InlineData("value;", "value;", 6)]
    [InlineData("values;", "value;", 0)]
    public void Characters_are_saved_up_to_a_border_of_words(string expected, string actual, int saved) =>
        Assert.Equal(saved, Similarity.CharactersSaved(expected, actual));

    [Fact]
    public async Task A_folder_without_code_fails_with_one_line()
    {
        await using var engine = new ScriptedEngine();
        using var cli = new CliUnderTest(engine);

        Assert.Equal(1, await cli.RunAsync("eval", "completion", "--repo", _folder.FullName));
        Assert.Contains("holds no C# code in which a line could be taken out", cli.Error);
        Assert.Equal(2, await cli.RunAsync("eval", "completion", "--repo", _folder.PathOf("none")));
        Assert.Equal(2, await cli.RunAsync("eval", "completion"));
    }

    public void Dispose() => _folder.Dispose();

    private async Task<JsonElement> EvaluateAsync(ScriptedEngine engine)
    {
        var lines = string.Concat(Enumerable.Repeat(Line + "\n", 30));
        await File.WriteAllTextAsync(_folder.PathOf("Code.cs"), "class Code\n{\n    int M(int total, int step)\n    {\n" + lines + lines + lines + "        return total;\n    }\n}\n", TestContext.Current.CancellationToken);
        using var cli = new CliUnderTest(engine);

        var exitCode = await cli.RunAsync("eval", "completion", "--repo", _folder.FullName, "--samples", "20", "--seed", "7", "--json");

        Assert.Equal((0, ""), (exitCode, cli.Error));
        return JsonDocument.Parse(cli.Output).RootElement;
    }

    /// <summary>An engine that goes on as the same line did everywhere else.</summary>
    private static ScriptedEngine Completing(string line)
    {
        var engine = new ScriptedEngine();
        for (var request = 0; request < 60; request++)
        {
            engine.Script((asked, _) =>
            {
                var prefix = asked.Prompt.OfType<PromptPart.Text>().Last().Value;
                return new[] { line[(prefix.Length - prefix.LastIndexOf('\n') - 1)..] }.ToAsyncEnumerable();
            });
        }

        return engine;
    }
}
