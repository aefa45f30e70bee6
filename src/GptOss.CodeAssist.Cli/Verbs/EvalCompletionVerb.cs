using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using GptOss.CodeAssist.Assistant.Completion;
using GptOss.CodeAssist.Cli.Evaluation;
using GptOss.CodeAssist.Cli.Showing;
using Microsoft.Extensions.Logging.Abstractions;
using Spectre.Console;

namespace GptOss.CodeAssist.Cli.Verbs;

/// <summary><c>eval completion</c>: what completion is worth on a repository's own code, and what each part of it buys.</summary>
internal sealed class EvalCompletionVerb(GlobalOptions options, CliEnvironment environment)
{
    /// <summary>Places that are completed first and not counted.</summary>
    private const int WarmUps = 10;

    private static readonly Dictionary<string, Func<CompletionOptions, CompletionOptions>> Parts = new(StringComparer.Ordinal)
    {
        ["context"] = options => options with { Context = false },
        ["gate"] = options => options with { Gate = false },
        ["healing"] = options => options with { Healing = false },
        ["guidance"] = options => options with { Guidance = false },
    };

    private readonly Option<string> _repository = new("--repo") { HelpName = "PATH", Description = "The folder whose C# files are used.", Required = true };
    private readonly Option<int> _samples = new("--samples") { HelpName = "N", Description = "How many places are completed.", DefaultValueFactory = _ => 200 };
    private readonly Option<int> _seed = new("--seed") { HelpName = "S", Description = "The same seed chooses the same places.", DefaultValueFactory = _ => 1 };
    private readonly Option<HoleKind> _kind = new("--kind") { HelpName = "line|statement|body", Description = "What is taken out and completed.", DefaultValueFactory = _ => HoleKind.Line };
    private readonly Option<double> _confidence = new("--min-confidence")
    {
        HelpName = "PERCENT",
        Description = "Least confidence that is shown.",
        DefaultValueFactory = _ => CompletionOptions.Default.MinConfidence * 100,
    };

    private readonly Option<string[]> _without = new("--without")
    {
        HelpName = "PART",
        Description = "What is switched off in turn: context, gate, healing, guidance, or none of them; all four without it.",
        AllowMultipleArgumentsPerToken = true,
        DefaultValueFactory = _ => [.. Parts.Keys],
    };

    private readonly Option<bool> _list = new("--list") { Description = "Write every place with what stood there and what was shown to stderr." };

    public Command Create()
    {
        var completion = new Command("completion", "Takes pieces out of real code, completes them as an editor asks, and compares.") { _repository, _samples, _seed, _kind, _confidence, _without, _list, options.Json };
        _without.AcceptOnlyFromAmong([.. Parts.Keys, "none"]);
        completion.SetAction(RunAsync);
        return completion;
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var folder = Path.GetFullPath(parsed.GetRequiredValue(_repository));
        var (samples, seed, kind) = (parsed.GetValue(_samples), parsed.GetValue(_seed), parsed.GetValue(_kind));
        if (!Directory.Exists(folder))
        {
            throw CommandFailure.Usage($"There is no folder {folder}; name the repository to measure on with --repo.");
        }

        if (samples < 1)
        {
            throw CommandFailure.Usage("--samples must be at least 1.");
        }

        await using var assistant = LocalAssistant.Start(environment, ModelPath.CheckForEngine(environment, options.FindModel(parsed, environment)), NullLogger.Instance, settings: options.OpenSettings(parsed, environment));
        var model = await assistant.WaitForModelAsync(cancellationToken);
        await using var code = new CodeBase(folder, NullLogger.Instance, environment.Time);
        var evaluation = new CompletionEvaluation(assistant.Engine, code, NullLogger.Instance, environment.Time);
        var holes = evaluation.ChooseHoles(kind, samples, seed);
        var warmUp = evaluation.ChooseHoles(kind, Math.Min(WarmUps, samples), seed + 1);
        if (holes.Count == 0)
        {
            throw CommandFailure.Failed($"{folder} holds no C# code in which a {kind.ToString().ToLowerInvariant()} could be taken out.");
        }

        var all = CompletionOptions.Default with { MinConfidence = parsed.GetValue(_confidence) / 100 };
        var outcomes = await RunAllAsync("everything on", all);
        if (parsed.GetValue(_list))
        {
            foreach (var outcome in outcomes)
            {
                await environment.Error.WriteLineAsync(outcome.Describe());
            }
        }

        var figures = EvaluationFigures.Of(outcomes);
        var without = new Dictionary<string, EvaluationFigures>();
        foreach (var part in parsed.GetRequiredValue(_without).Where(Parts.ContainsKey).Distinct())
        {
            without[part] = EvaluationFigures.Of(await RunAllAsync($"without {part}", Parts[part](all)));
        }

        await using var writer = environment.OpenWriter();
        if (parsed.GetValue(options.Json))
        {
            await writer.WriteLineAsync(ToJson(model.Name, kind, seed, figures, without));
        }
        else
        {
            Show(environment.OpenConsole(writer), model.Name, figures, without);
        }

        return ExitCodes.Done;

        Task<IReadOnlyList<Outcome>> RunAllAsync(string what, CompletionOptions variant) =>
            evaluation.RunAsync(holes, warmUp, variant, done => Report(what, done, holes.Count), cancellationToken);
    }

    /// <summary>People who wait see how far it is; logs do not.</summary>
    private void Report(string what, int done, int of)
    {
        if (environment.IsErrorTerminal && (done % 10 == 0 || done == of))
        {
            environment.Error.Write(string.Create(CultureInfo.InvariantCulture, $"\r{what}: {done} of {of}{(done == of ? "\n" : "")}"));
        }
    }

    private static string ToJson(string model, HoleKind kind, int seed, EvaluationFigures figures, Dictionary<string, EvaluationFigures> without)
    {
        var report = new JsonObject { ["model"] = model, ["kind"] = kind.ToString().ToLowerInvariant(), ["seed"] = seed };
        foreach (var (key, value) in ToObject(figures).ToList())
        {
            report[key] = value?.DeepClone();
        }

        report["without"] = new JsonObject(without.Select(one => KeyValuePair.Create(one.Key, (JsonNode?)ToObject(one.Value))));
        return report.ToJsonString(CliJson.Readable.Options);
    }

    private static JsonObject ToObject(EvaluationFigures figures) => JsonSerializer.SerializeToNode(figures, CliJson.Readable.EvaluationFigures)!.AsObject();

    private static void Show(IAnsiConsole console, string model, EvaluationFigures figures, Dictionary<string, EvaluationFigures> without)
    {
        console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{model}, {figures.Samples} places; rates in percent, times in milliseconds"));
        var table = new Table().AddColumn("");
        var columns = new List<EvaluationFigures> { figures };
        table.AddColumn("all on");
        foreach (var (name, one) in without)
        {
            table.AddColumn($"without {name}");
            columns.Add(one);
        }

        Row("shown", one => one.Shown);
        Row("exact match", one => one.ExactMatch);
        Row("edit similarity (of shown)", one => one.EditSimilarity);
        Row("same identifiers", one => one.IdentifierMatch);
        Row("characters saved", one => one.CharsSaved);
        Row("parses (of shown)", one => one.Parses);
        Row("binds (of shown)", one => one.Binds);
        Row("first token, median ms", one => one.FirstTokenMs.P50);
        Row("answer, median ms", one => one.TotalMs.P50);
        Row("a token, median ms", one => one.TokenMs.P50);
        Row("own time, median ms", one => one.OwnMs.P50);
        Row("own time, p95 ms", one => one.OwnMs.P95);
        console.Write(table);

        void Row(string name, Func<EvaluationFigures, double> value) =>
            table.AddRow([name, .. columns.Select(column => value(column).ToString("0.0", CultureInfo.InvariantCulture))]);
    }
}
