using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using GptOss.CodeAssist.Cli.Measuring;
using GptOss.CodeAssist.Cli.Showing;
using GptOss.CodeAssist.Inference;
using GptOss.CodeAssist.Inference.Llama;
using Microsoft.Extensions.Logging.Abstractions;
using Spectre.Console;

namespace GptOss.CodeAssist.Cli.Verbs;

/// <summary><c>bench</c>: how fast the engine is on this machine, and beside a llama-server when one is named.</summary>
internal sealed class BenchVerb(GlobalOptions options, CliEnvironment environment)
{
    private const int Rounds = 7;
    private const double Megabyte = 1024 * 1024;

    private readonly Option<FileInfo?> _file = new("--file") { Description = "A C# file of some hundred lines to read, type and edit; without it one that comes with the program.", HelpName = "FILE" };

    private readonly Option<Uri?> _peer = new("--peer")
    {
        Description = "A running llama-server with the same model, measured side by side.",
        HelpName = "URL",
        CustomParser = result => Uri.TryCreate(result.Tokens.Count == 1 ? result.Tokens[0].Value : null, UriKind.Absolute, out var url) ? url : Refuse(result),
    };

    private readonly Option<int?> _threads = new("--threads") { Description = "Threads for the model; without it the physical cores, and one for a small model.", HelpName = "N" };

    public Command Create()
    {
        var command = new Command("bench", "Measures reading, writing, typing, editing and cancelling with the model.") { _file, _peer, _threads, options.Json };
        command.SetAction(RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var source = await ReadSourceAsync(parsed.GetValue(_file), cancellationToken);
        var path = ModelPath.Check(environment, options.FindModel(parsed, environment));
        using var peer = parsed.GetValue(_peer) is { } url ? new LlamaServerPeer(url) : null;
        var before = ResidentBytes();
        await using var assistant = LocalAssistant.Start(environment, path, NullLogger.Instance, settings => settings with { Threads = parsed.GetValue(_threads), BatchThreads = parsed.GetValue(_threads) });
        var model = await assistant.WaitForModelAsync(cancellationToken);
        var bench = new EngineBench(assistant.Engine, assistant.Completion, model, source, environment.Time);
        BenchReport report;
        try
        {
            report = await MeasureAsync(bench, model, assistant.ModelPath, peer, before, cancellationToken);
        }
        catch (InferenceException exception)
        {
            throw CommandFailure.Failed(exception.Message);
        }

        await using var writer = environment.OpenWriter();
        if (parsed.GetValue(options.Json))
        {
            await writer.WriteLineAsync(JsonSerializer.Serialize(report, CliJson.Readable.BenchReport));
        }
        else
        {
            Show(environment.OpenConsole(writer), report);
        }

        return ExitCodes.Done;
    }

    private async Task<BenchReport> MeasureAsync(EngineBench bench, ModelDescription model, string modelPath, LlamaServerPeer? peer, long before, CancellationToken cancellationToken)
    {
        var promptTokens = Math.Min(model.ContextLength / 2, 1024);
        var answerTokens = Math.Min(model.ContextLength / 4, 128);
        var (prefill, decode, peerPrefill, peerDecode) = (new List<double>(), new List<double>(), new List<double>(), new List<double>());
        for (var round = 0; round < Rounds; round++)
        {
            await environment.Error.WriteLineAsync($"Reading and writing, round {round + 1} of {Rounds} …");
            var prompt = bench.CreatePrompt(promptTokens);
            prefill.Add(await bench.MeasurePrefillAsync(prompt, cancellationToken));
            if (peer is not null)
            {
                var timings = await peer.ContinueAsync(prompt, 1, reuse: false, cancellationToken);
                peerPrefill.Add(timings.PromptMs / timings.PromptTokens);
            }

            prompt = bench.CreatePrompt(64);
            decode.Add(await bench.MeasureDecodeAsync(prompt, answerTokens, cancellationToken));
            if (peer is not null)
            {
                var timings = await peer.ContinueAsync(prompt, answerTokens, reuse: false, cancellationToken);
                peerDecode.Add(timings.Ms / (timings.Tokens - 1));
            }
        }

        await environment.Error.WriteLineAsync("Typing …");
        var peerTyping = new List<double>();
        var typing = await bench.TypeAsync(
            async (prefix, suffix) =>
            {
                if (peer is not null && model.PromptStyle == PromptStyle.FimSuffixPrefixMiddle)
                {
                    // As llama-server's editor clients do: a window of lines around the caret.
                    peerTyping.Add((await peer.FillInAsync(LastLines(prefix, 256), FirstLines(suffix, 64), 8, cancellationToken)).PromptTokens);
                }
            },
            cancellationToken);

        await environment.Error.WriteLineAsync("Editing …");
        var edit = await bench.MeasureDraftedEditAsync(cancellationToken);
        await environment.Error.WriteLineAsync("Cancelling …");
        var cancel = await bench.MeasureCancelAsync(cancellationToken);
        return new BenchReport
        {
            Version = CommandLine.Version,
            Model = model.Name,
            Prefill = new SpeedFigure(1000 / EngineBench.Median(prefill), promptTokens),
            Decode = new SpeedFigure(1000 / EngineBench.Median(decode), answerTokens),
            Typing = typing,
            DraftedEdit = edit,
            Cancel = cancel,
            Memory = MeasureMemory(modelPath, before),
            Peer = peer is null ? null : new PeerFigures(
                peer.Url.ToString(),
                1000 / EngineBench.Median(peerPrefill),
                1000 / EngineBench.Median(peerDecode),
                EngineBench.Median(peerPrefill.Zip(prefill, (theirs, ours) => theirs / ours)),
                EngineBench.Median(peerDecode.Zip(decode, (theirs, ours) => theirs / ours)),
                Distribution.Of(peerTyping)),
        };
    }

    private static MemoryFigures MeasureMemory(string modelPath, long before)
    {
        var estimate = LlamaModelReport.Create(new LlamaEngineOptions { ModelPath = modelPath }).Estimate;
        var resident = ResidentBytes();
        return new MemoryFigures(
            (resident - before - estimate.WeightBytes - estimate.CacheBytes) / Megabyte,
            estimate.WeightBytes / Megabyte,
            estimate.CacheBytes / Megabyte,
            resident / Megabyte);
    }

    private static long ResidentBytes()
    {
        using var process = Process.GetCurrentProcess();
        return process.WorkingSet64;
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

    private static void Show(IAnsiConsole console, BenchReport report)
    {
        var table = new Table().AddColumn("what").AddColumn(new TableColumn("measured").RightAligned()).AddColumn("how");
        Add($"{report.Prefill.TokensPerSecond:N0} tokens/s", "reading a prompt", $"{report.Prefill.Tokens} tokens, median of {Rounds}");
        Add($"{report.Decode.TokensPerSecond:N0} tokens/s", "writing an answer", $"{report.Decode.Tokens} tokens, median of {Rounds}");
        Add($"{report.Typing.EvaluatedPerKeystroke.Mean:F2} tokens", "evaluated per keystroke", $"{report.Typing.Keystrokes} keystrokes, p99 {report.Typing.EvaluatedPerKeystroke.P99:F0}, most {report.Typing.EvaluatedPerKeystroke.Max:F0}, prompts of {report.Typing.PromptTokens:F0}");
        Add($"{report.Typing.OwnMs.P50:F2} ms", "own time per keystroke", $"beside the model; p95 {report.Typing.OwnMs.P95:F2}");
        Add($"{report.Typing.TotalMs.P50:F1} ms", "answer per keystroke", $"p95 {report.Typing.TotalMs.P95:F1}");
        Add($"{report.DraftedEdit.Speedup:F2} times", "drafted edit", $"{report.DraftedEdit.Accepted} of {report.DraftedEdit.Drafted} drafted tokens accepted, {(report.DraftedEdit.Identical ? "same answer" : "ANOTHER ANSWER")}; without repetition {report.DraftedEdit.UnrepeatedRatio:F2}");
        Add($"{report.Cancel.P95Ms:F1} ms", "cancel to idle, p95", $"p50 {report.Cancel.P50Ms:F1}, most {report.Cancel.MaxMs:F1}");
        Add($"{report.Memory.EngineOverheadMB:F0} MB", "engine memory", $"beside weights {report.Memory.WeightsMB:F0} and cache {report.Memory.CacheMB:F0}");
        if (report.Peer is { } peer)
        {
            Add($"{peer.PrefillRatio:F2}", "reading, ours / peer's", $"peer {peer.PrefillTokensPerSecond:N0} tokens/s");
            Add($"{peer.DecodeRatio:F2}", "writing, ours / peer's", $"peer {peer.DecodeTokensPerSecond:N0} tokens/s");
            Add($"{peer.TypingEvaluatedPerKeystroke.Mean:F1} tokens", "peer per keystroke", $"p99 {peer.TypingEvaluatedPerKeystroke.P99:F0}, most {peer.TypingEvaluatedPerKeystroke.Max:F0}");
        }

        console.Write(new Text($"{report.Model}\n"));
        console.Write(table);

        void Add(FormattableString measured, string what, FormattableString how) =>
            table.AddRow(new Text(what), new Text(measured.ToString(CultureInfo.InvariantCulture)), new Text(how.ToString(CultureInfo.InvariantCulture)));
    }
}
