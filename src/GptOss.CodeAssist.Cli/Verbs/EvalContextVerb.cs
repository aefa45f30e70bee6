using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using GptOss.CodeAssist.CSharpContext.Evaluation;
using Microsoft.Extensions.Logging;
using Microsoft.ML.Tokenizers;

namespace GptOss.CodeAssist.Cli.Verbs;

/// <summary><c>eval context</c>: measures on a real repository whether what a hole needs comes back, how fast, and what the gate does. No model runs.</summary>
internal sealed class EvalContextVerb(GlobalOptions options, CliEnvironment environment)
{
    private readonly Option<string> _repository = new("--repo") { HelpName = "PATH", Description = "The repository to measure on.", Required = true };

    private readonly Option<int> _samples = new("--samples") { HelpName = "N", Description = "Holes that need context, of each kind.", DefaultValueFactory = _ => 100 };

    private readonly Option<int> _texts = new("--texts") { HelpName = "N", Description = "Texts that compile for the compiler's gate, at least; what the samples held counts." };

    private readonly Option<int> _seed = new("--seed") { HelpName = "S", Description = "Chooses the holes.", DefaultValueFactory = _ => 1 };

    private readonly Option<string> _misses = new("--misses") { HelpName = "FILE", Description = "Writes each identifier that was not found to a file." };

    public Command Create()
    {
        var command = new Command("context", "Takes real code out of a repository and measures whether what it needs is found.") { _repository, _samples, _texts, _seed, _misses, options.Json };
        command.SetAction(RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var folder = Path.GetFullPath(parsed.GetRequiredValue(_repository));
        if (!Directory.Exists(folder))
        {
            throw CommandFailure.Usage($"There is no folder {folder}.");
        }

        var logger = new StandardErrorLogger(environment.Error, parsed.GetValue(options.LogLevel) ?? LogLevel.Critical, environment.Time);
        var tokenizer = TiktokenTokenizer.CreateForModel("gpt-4o");
        await using var misses = parsed.GetValue(_misses) is { } path ? new StreamWriter(Path.GetFullPath(path)) : null;
        var evaluation = new ContextEvaluation(
            new ContextEvaluationOptions(folder, parsed.GetValue(_samples), parsed.GetValue(_seed), text => tokenizer.CountTokens(text)) { Texts = parsed.GetValue(_texts), Misses = misses }, logger);
        var report = ToJson(await evaluation.RunAsync(cancellationToken));

        await using var writer = environment.OpenWriter();
        if (parsed.GetValue(options.Json))
        {
            await writer.WriteLineAsync(report.ToJsonString(new System.Text.Json.JsonSerializerOptions { WriteIndented = true }));
        }
        else
        {
            await WriteLinesAsync(writer, report, string.Empty);
        }

        return ExitCodes.Done;
    }

    private static JsonObject ToJson(ContextEvaluationReport report) => new()
    {
        ["statement"] = new JsonObject { ["recall"] = RecallOf(report.StatementRecall), ["tried"] = report.StatementsTried, ["needing"] = report.StatementsNeeding },
        ["body"] = new JsonObject { ["recall"] = RecallOf(report.BodyRecall), ["tried"] = report.BodiesTried, ["needing"] = report.BodiesNeeding },
        ["latencyMs"] = TimesOf(report.Latency),
        ["coldMs"] = TimesOf(report.ColdLatency),
        ["fitMs"] = TimesOf(report.FittingTime),
        ["sourceMs"] = new JsonObject(report.SourceLatencies.Select(source => KeyValuePair.Create(source.Key, (JsonNode?)TimesOf(source.Value)))),
        ["stability"] = new JsonObject { ["commonPrefix"] = new JsonObject { ["mean"] = Rounded(report.CommonPrefix) } },
        ["gate"] = new JsonObject
        {
            ["falseRejects"] = Rounded(report.Gate.FalseRejects),
            ["checked"] = report.Gate.Checked,
            ["detection"] = new JsonObject { ["unknownMember"] = Rounded(report.Gate.UnknownMember), ["argumentCount"] = Rounded(report.Gate.ArgumentCount) },
            ["mutated"] = new JsonObject { ["unknownMember"] = report.Gate.UnknownMembers, ["argumentCount"] = report.Gate.ArgumentCounts },
            ["ms"] = TimesOf(report.Gate.Time),
            ["undetected"] = new JsonArray([.. report.Gate.Undetected.Select(reason => (JsonNode?)reason)]),
            ["rejected"] = new JsonArray([.. report.Gate.Rejected.Select(reason => (JsonNode?)reason)]),
        },
        ["caret"] = new JsonObject
        {
            ["asked"] = report.Caret.Asked,
            ["listed"] = Rounded(report.Caret.Listed),
            ["wrong"] = Rounded(report.Caret.Wrong),
            ["wrongAt"] = new JsonArray([.. report.Caret.WrongAt.Select(place => (JsonNode?)place)]),
            ["namesMs"] = TimesOf(report.Caret.NamesTime),
            ["factsMs"] = TimesOf(report.Caret.FactsTime),
        },
        ["workspace"] = new JsonObject
        {
            ["loadMs"] = Rounded(report.LoadMilliseconds),
            ["indexMs"] = Rounded(report.IndexMilliseconds),
            ["memoryMB"] = Rounded(report.MemoryMegabytes),
            ["lines"] = report.Lines,
            ["degradations"] = new JsonArray([.. report.Degradations.Select(reason => (JsonNode?)reason)]),
        },
    };

    private static JsonObject RecallOf(IReadOnlyDictionary<int, double> recall) =>
        new(recall.OrderBy(entry => entry.Key).Select(entry => KeyValuePair.Create(entry.Key.ToString(CultureInfo.InvariantCulture), (JsonNode?)Rounded(entry.Value))));

    private static JsonObject TimesOf(Percentiles times) => new() { ["p50"] = Rounded(times.P50), ["p95"] = Rounded(times.P95), ["max"] = Rounded(times.Max), ["count"] = times.Count };

    private static double Rounded(double value) => Math.Round(value, 2);

    private static async Task WriteLinesAsync(TextWriter writer, JsonNode? node, string path)
    {
        switch (node)
        {
            case JsonObject members:
                foreach (var (name, value) in members)
                {
                    await WriteLinesAsync(writer, value, path.Length == 0 ? name : $"{path}.{name}");
                }

                break;
            case JsonArray items:
                foreach (var item in items)
                {
                    await WriteLinesAsync(writer, item, path);
                }

                break;
            default:
                await writer.WriteLineAsync($"{path}: {node}");
                break;
        }
    }
}
