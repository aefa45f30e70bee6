using System.Text.Json;
using GptOss.CodeAssist.Assistant.Completion.Habits;
using GptOss.CodeAssist.TestSupport;
using Microsoft.Extensions.Logging.Abstractions;

namespace GptOss.CodeAssist.Cli.Tests;

public sealed class StatsVerbTests
{
    private static readonly CompletionCounts Counts = new("csharp", "starter") { Shown = 10, Accepted = 4, Rejected = 6, Kept = 3, CharactersShown = 100, CharactersAccepted = 40, CharactersKept = 30 };

    [Fact]
    public async Task Counts_of_several_servers_add_up_by_language_and_model()
    {
        await using var engine = new ScriptedEngine();
        using var cli = new CliUnderTest(engine);
        var path = Path.Combine(cli.UserFolder, "data", "completions.json");
        await using (var one = new CompletionLedgerFile(path, NullLogger.Instance))
        await using (var other = new CompletionLedgerFile(path, NullLogger.Instance))
        {
            for (var number = 0; number < 25; number++)
            {
                one.Add(Counts);
                other.Add(Counts with { Model = number % 2 == 0 ? "starter" : "gpt-oss-20b" });
            }
        }

        Assert.Equal(0, await cli.RunAsync("stats", "--json"));

        var rows = JsonDocument.Parse(cli.Output).RootElement.EnumerateArray().ToDictionary(row => row.GetProperty("model").GetString()!);
        Assert.Equal((380, 120), (rows["starter"].GetProperty("shown").GetInt32(), rows["gpt-oss-20b"].GetProperty("shown").GetInt32()));
        Assert.Equal(1_140, rows["starter"].GetProperty("charactersKept").GetInt64());

        cli.Clear();
        Assert.Equal(0, await cli.RunAsync("stats"));
        Assert.Contains("152 (40 %)", cli.Output, StringComparison.Ordinal);
        cli.Clear();
        Assert.Equal(0, await cli.RunAsync("stats", "--reset"));
        Assert.StartsWith("No completion has been shown yet", cli.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_somebody_broke_begins_anew()
    {
        await using var engine = new ScriptedEngine();
        using var cli = new CliUnderTest(engine);
        var path = Path.Combine(cli.UserFolder, "data", "completions.json");
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        await File.WriteAllTextAsync(path, "not json", TestContext.Current.CancellationToken);

        await using (var ledger = new CompletionLedgerFile(path, NullLogger.Instance))
        {
            ledger.Add(Counts);
        }

        Assert.Equal(0, await cli.RunAsync("stats", "--json"));
        Assert.Equal(10, JsonDocument.Parse(cli.Output).RootElement[0].GetProperty("shown").GetInt32());
    }
}
