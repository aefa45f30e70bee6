using System.CommandLine;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json;
using GptOss.CodeAssist.Cli.Measuring;
using GptOss.CodeAssist.Cli.Showing;
using GptOss.CodeAssist.Inference;
using GptOss.CodeAssist.Inference.Llama;
using GptOss.CodeAssist.Settings;

namespace GptOss.CodeAssist.Cli.Verbs;

/// <summary><c>bench</c>: how fast the engine is on this machine, and beside a llama-server when one is named.</summary>
internal sealed class BenchVerb(GlobalOptions options, CliEnvironment environment)
{
    private const string Speed = "speed", Batches = "batches", Typing = "typing", Edit = "edit", Cancel = "cancel";
    private const double Megabyte = 1024 * 1024;

    private readonly Option<FileInfo?> _file = new("--file") { Description = "A C# file of some hundred lines to read, type and edit; without it one that comes with the program.", HelpName = "FILE" };

    private readonly Option<Uri?> _peer = new("--peer")
    {
        Description = "A running llama-server with the same model, measured side by side.",
        HelpName = "URL",
        CustomParser = result => Uri.TryCreate(result.Tokens.Count == 1 ? result.Tokens[0].Value : null, UriKind.Absolute, out var url) ? url : Refuse(result),
    };

    private readonly Option<string[]> _only = CreateOnly();

    private readonly Option<int> _rounds = new("--rounds") { Description = "How often speeds are measured, edits at most three times; the median counts.", HelpName = "N", DefaultValueFactory = _ => 7 };

    private readonly Option<int> _tokens = new("--tokens") { Description = "Tokens of the prompt whose reading is measured; never more than half the context.", HelpName = "N", DefaultValueFactory = _ => 1024 };

    private readonly Option<int> _cancels = new("--cancels") { Description = "Also starts and cancels so many requests, and says what memory they leave.", HelpName = "N" };

    public Command Create()
    {
        var command = new Command("bench", "Measures reading, writing, typing, editing and cancelling with the model.") { _file, _peer, _only, _rounds, _tokens, _cancels, options.Json };
        command.SetAction(RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var source = await ReadSourceAsync(parsed.GetValue(_file), cancellationToken);
        var settings = options.OpenSettings(parsed, environment);
        var path = ModelPath.CheckForEngine(environment, settings.For(null).Get(SettingsSchema.Model));
        using var peer = parsed.GetValue(_peer) is { } url ? new LlamaServerPeer(url) : null;
        var before = EngineBench.ResidentBytes();
        var weights = new HeldWeights();
        var started = environment.Time.GetTimestamp();
        await using var assistant = LocalAssistant.Start(environment, path, weights, settings: settings);
        var model = await assistant.WaitForModelAsync(cancellationToken);
        var loaded = environment.Time.GetElapsedTime(started);
        var bench = new EngineBench(assistant.Engine, assistant.Completion, model, source, environment.Time);
        var report = new BenchReport { Version = CommandLine.Version, Model = model.Name, LoadMs = loaded.TotalMilliseconds, Peer = peer is null ? null : new PeerFigures(peer.Url.ToString()) };
        try
        {
            await foreach (var measured in MeasureAsync(bench, report, parsed, model, peer, cancellationToken))
            {
                report = measured;
            }

            var engineOptions = ConfiguredEngine.Apply(new LlamaEngineOptions { ModelPath = assistant.ModelPath }, settings.For(null));
            report = report with { Memory = MeasureMemory(engineOptions, weights, before) };

            // After the memory was looked at: what cancelled requests leave is a figure of its own.
            if (parsed.GetValue(_cancels) is > 0 and var pairs)
            {
                report = report with { Leaks = await TellAsync($"Starting and cancelling {pairs} requests", bench.MeasureLeaksAsync(pairs, cancellationToken)) };
            }
        }
        catch (InferenceException exception)
        {
            throw CommandFailure.Failed(exception.Message);
        }
        finally
        {
            // With a large model each figure takes minutes: whoever ends it, the user, the engine or the peer, those that are there are shown.
            await ShowAsync(report, parsed);
        }

        return ExitCodes.Done;
    }

    private async Task ShowAsync(BenchReport report, ParseResult parsed)
    {
        await using var writer = environment.OpenWriter();
        if (parsed.GetValue(options.Json))
        {
            await writer.WriteLineAsync(JsonSerializer.Serialize(report, CliJson.Readable.BenchReport));
        }
        else
        {
            BenchTable.Write(environment.OpenConsole(writer), report);
        }
    }

    /// <summary>Adds one figure after the other; each report has those before it.</summary>
    private async IAsyncEnumerable<BenchReport> MeasureAsync(EngineBench bench, BenchReport report, ParseResult parsed, ModelDescription model, LlamaServerPeer? peer, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var only = parsed.GetValue(_only);
        var rounds = Math.Max(1, parsed.GetValue(_rounds));
        if (IsWanted(Speed))
        {
            await foreach (var measured in MeasureSpeedAsync(bench, report, model, peer, rounds, Math.Max(1, parsed.GetValue(_tokens)), cancellationToken))
            {
                yield return report = measured;
            }
        }

        if (IsWanted(Batches))
        {
            yield return report = report with { Batches = await TellAsync("What batches cost", bench.MeasureBatchesAsync(cancellationToken)) };
        }

        if (IsWanted(Typing))
        {
            yield return report = report with { Typing = await TellAsync("Typing", bench.TypeAsync(cancellationToken)) };
            if (peer is not null && model.PromptStyle == PromptStyle.FimSuffixPrefixMiddle)
            {
                yield return report = report with { Peer = report.Peer! with { TypingEvaluatedPerKeystroke = await TellAsync("Typing on the peer", MeasurePeerTypingAsync(bench, model, peer, cancellationToken)) } };
            }
        }

        if (IsWanted(Edit))
        {
            yield return report = report with { DraftedEdit = await TellAsync("Editing", bench.MeasureDraftedEditAsync(Math.Min(rounds, 3), cancellationToken)) };
        }

        if (IsWanted(Cancel))
        {
            yield return report with { Cancel = await TellAsync("Cancelling", bench.MeasureCancelAsync(cancellationToken)) };
        }

        bool IsWanted(string part) => only is null or [] || only.Contains(part);
    }

    /// <summary>Types the same as <see cref="EngineBench.TypeAsync"/> as llama-server's editor clients do: a window of lines around the caret, as far as the model's context reaches.</summary>
    private static async Task<Distribution> MeasurePeerTypingAsync(EngineBench bench, ModelDescription model, LlamaServerPeer peer, CancellationToken cancellationToken)
    {
        var evaluated = new List<double>();
        foreach (var (prefix, suffix) in bench.TypedTexts)
        {
            var (before, after) = (LastLines(prefix, 256), FirstLines(suffix, 64));
            var room = model.ContextLength * 2;
            evaluated.Add((await peer.FillInAsync(before[^Math.Min(before.Length, room * 3 / 4)..], after[..Math.Min(after.Length, room / 4)], 8, cancellationToken)).PromptTokens);
        }

        return Distribution.Of(evaluated);
    }

    private async IAsyncEnumerable<BenchReport> MeasureSpeedAsync(EngineBench bench, BenchReport report, ModelDescription model, LlamaServerPeer? peer, int rounds, int tokens, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var promptTokens = Math.Min(model.ContextLength / 2, tokens);
        var answerTokens = Math.Min(model.ContextLength / 4, 128);
        var (prefill, decode, peerPrefill, peerDecode) = (new List<double>(), new List<double>(), new List<double>(), new List<double>());
        for (var round = 0; round < rounds; round++)
        {
            await environment.Error.WriteLineAsync($"Reading and writing, round {round + 1} of {rounds} …");
            var (longPrompt, shortPrompt) = (bench.CreatePrompt(promptTokens), bench.CreatePrompt(64));

            // Whoever comes second finds the processor warm, or hot: each does so every other time.
            if (round % 2 == 0)
            {
                await MeasurePeerAsync(longPrompt, shortPrompt);
            }

            prefill.Add(await bench.MeasurePrefillAsync(longPrompt, cancellationToken));
            decode.Add(await bench.MeasureDecodeAsync(shortPrompt, answerTokens, cancellationToken));
            if (round % 2 == 1)
            {
                await MeasurePeerAsync(longPrompt, shortPrompt);
            }

            await environment.Error.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"  {1000 / prefill[^1]:N1} and {1000 / decode[^1]:N1} tokens/s{(peer is null ? "" : $"; the peer {1000 / peerPrefill[^1]:N1} and {1000 / peerDecode[^1]:N1}")}"));
            yield return report with
            {
                Rounds = round + 1,
                Prefill = new SpeedFigure(1000 / EngineBench.Median(prefill), promptTokens),
                Decode = new SpeedFigure(1000 / EngineBench.Median(decode), answerTokens),
                Peer = report.Peer is null ? null : report.Peer with
                {
                    PrefillTokensPerSecond = 1000 / EngineBench.Median(peerPrefill),
                    DecodeTokensPerSecond = 1000 / EngineBench.Median(peerDecode),
                    PrefillRatio = EngineBench.Median(peerPrefill.Zip(prefill, (theirs, ours) => theirs / ours)),
                    DecodeRatio = EngineBench.Median(peerDecode.Zip(decode, (theirs, ours) => theirs / ours)),
                },
            };
        }

        async Task MeasurePeerAsync(string longPrompt, string shortPrompt)
        {
            if (peer is not null)
            {
                var reading = await peer.ContinueAsync(longPrompt, 1, reuse: false, cancellationToken);
                peerPrefill.Add(reading.PromptMs / reading.PromptTokens);
                var writing = await peer.ContinueAsync(shortPrompt, answerTokens, reuse: false, cancellationToken);
                peerDecode.Add(writing.Ms / (writing.Tokens - 1));
            }
        }
    }

    private async Task<T> TellAsync<T>(string what, Task<T> measurement)
    {
        await environment.Error.WriteLineAsync($"{what} …");
        return await measurement;
    }

    private static MemoryFigures MeasureMemory(LlamaEngineOptions engineOptions, HeldWeights weights, long before)
    {
        var report = LlamaModelReport.Create(engineOptions);
        var estimate = report.Estimate;
        var resident = EngineBench.ResidentBytes();
        var held = weights.ResidentBytes([.. report.Model.Files.Select(file => File.ResolveLinkTarget(file.Path, returnFinalTarget: true)?.FullName ?? Path.GetFullPath(file.Path))]);
        return new MemoryFigures(
            (resident - before - held - estimate.CacheBytes) / Megabyte,
            held / Megabyte,
            estimate.CacheBytes / Megabyte,
            resident / Megabyte);
    }

    private static string LastLines(string text, int count) => string.Join('\n', text.Split('\n').TakeLast(count));

    private static string FirstLines(string text, int count) => string.Join('\n', text.Split('\n').Take(count));

    private static Uri? Refuse(System.CommandLine.Parsing.ArgumentResult result)
    {
        result.AddError("--peer wants a URL such as http://127.0.0.1:8080.");
        return null;
    }

    private static async Task<string> ReadSourceAsync(FileInfo? file, CancellationToken cancellationToken)
    {
        if (file is not null)
        {
            var text = file.Exists ? await File.ReadAllTextAsync(file.FullName, cancellationToken) : throw CommandFailure.Usage($"There is no file {file.FullName}.");
            return text.Length >= 2000 ? text : throw CommandFailure.Usage($"{file.FullName} is too short to measure with; name a file of at least 2,000 characters.");
        }

        await using var stream = typeof(BenchVerb).Assembly.GetManifestResourceStream("Bench.cs")!;
        using var reader = new StreamReader(stream);
        return await reader.ReadToEndAsync(cancellationToken);
    }

    private static Option<string[]> CreateOnly()
    {
        var option = new Option<string[]>("--only") { Description = "What to measure, where not everything is wanted; may be repeated.", HelpName = "PART" };
        option.AcceptOnlyFromAmong(Speed, Batches, Typing, Edit, Cancel);
        return option;
    }
}
