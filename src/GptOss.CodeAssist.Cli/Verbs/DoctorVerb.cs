using System.CommandLine;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using GptOss.CodeAssist.Assistant;
using GptOss.CodeAssist.Assistant.Completion;
using GptOss.CodeAssist.Cli.Diagnosis;
using GptOss.CodeAssist.Cli.Showing;
using GptOss.CodeAssist.Inference.Llama;
using GptOss.CodeAssist.Settings;
using Microsoft.CodeAnalysis.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Spectre.Console;

namespace GptOss.CodeAssist.Cli.Verbs;

/// <summary><c>doctor</c>: explains the set-up, one line for each thing that can be wrong.</summary>
internal sealed class DoctorVerb(GlobalOptions options, CliEnvironment environment)
{
    private const long GiB = 1L << 30;

    /// <summary>Code that the check goes on from.</summary>
    private const string Before = "class Check\n{\n    public int Count ";

    private readonly Option<string?> _folder = new("--folder") { Description = "The workspace whose projects are looked at; without it the one around the current folder.", HelpName = "PATH" };

    private readonly Option<string?> _report = new("--report")
    {
        Description = "Also writes a Markdown page for a bug report, without code and secrets; read it before you send it.",
        HelpName = "FILE",
    };

    public Command Create()
    {
        var command = new Command("doctor", "Looks at everything that completion needs and says what is wrong.") { _folder, _report, options.Json };
        command.SetAction(RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        // The model comes first: it decides which build of llama.cpp's CPU backend is loaded, and that is the one to report.
        var model = await CheckModelAsync(options.OpenSettings(parsed, environment), cancellationToken);
        var store = environment.OpenSettings(options.ReadCommandLine(parsed));
        var folder = WorkspaceFolder.FindMarked(Path.Combine(Path.GetFullPath(parsed.GetValue(_folder) ?? "."), "file"));
        var system = LlamaSystem.Inspect();
        var report = new DoctorReport(CommandLine.Version, [
            CheckRuntime(), CheckNatives(system), CheckCpu(system), CheckGpu(system), CheckMemory(), .. await ServerChecks.CheckAsync(environment, cancellationToken), .. model,
            SetupChecks.CheckSettings(store, folder), SetupChecks.CheckModels(environment), SetupChecks.CheckLogs(environment, store),
            await EngineChecks.CheckAsync(environment, store, cancellationToken),
            await SetupChecks.CheckWorkspaceAsync(environment, folder, cancellationToken), await EditorChecks.CheckAsync(environment.Time, cancellationToken),
        ]);
        await using var writer = environment.OpenWriter();
        if (parsed.GetValue(options.Json))
        {
            await writer.WriteLineAsync(JsonSerializer.Serialize(report, CliJson.Readable.DoctorReport));
        }
        else
        {
            Show(environment.OpenConsole(writer), report);
        }

        if (parsed.GetValue(_report) is { } file)
        {
            await WriteReportAsync(Path.GetFullPath(file), BugReport.Create(report, environment), cancellationToken);
        }

        return report.IsHealthy ? ExitCodes.Done : ExitCodes.Failed;
    }

    private async Task WriteReportAsync(string file, string text, CancellationToken cancellationToken)
    {
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            await File.WriteAllTextAsync(file, text, cancellationToken);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw CommandFailure.Failed($"The report cannot be written: {exception.Message.TrimEnd('.')}. Name another file with --report.");
        }

        await environment.Error.WriteLineAsync($"{file} is written; read it before you send it to anybody.");
    }

    private static DoctorCheck CheckRuntime() =>
        DoctorCheck.Ok("runtime", $"{RuntimeInformation.FrameworkDescription} on {RuntimeInformation.OSDescription}, {RuntimeInformation.ProcessArchitecture}");

    private static DoctorCheck CheckNatives(LlamaSystemReport system) => system.Failure is { } failure
        ? DoctorCheck.Fail("llama.cpp", $"{failure} Build again with `dotnet build`, which fetches the libraries with npm.")
        : DoctorCheck.Ok("llama.cpp", $"version {system.Version} from {system.NativeFolder}");

    private static DoctorCheck CheckCpu(LlamaSystemReport system)
    {
        var cores = string.Create(CultureInfo.InvariantCulture, $"{Environment.ProcessorCount} logical cores");
        return system.CpuFeatures.IsEmpty
            ? DoctorCheck.Warn("cpu", $"{cores}; llama.cpp reports no fast instructions, so that answers are slow")
            : DoctorCheck.Ok("cpu", $"{cores}; {string.Join(' ', system.CpuFeatures)}");
    }

    private static DoctorCheck CheckGpu(LlamaSystemReport system)
    {
        var gpus = system.Devices.Where(device => device.Kind is LlamaDeviceKind.Gpu or LlamaDeviceKind.IntegratedGpu).ToList();
        if (system.UnusableBackend is { } backend)
        {
            return DoctorCheck.Warn("gpu", $"this build wants {backend}, but llama.cpp found no GPU that it can use through it: check the driver; models run on the CPU");
        }

        return gpus.Count == 0
            ? DoctorCheck.Ok("gpu", "none in use; the starter model needs none. With one, build with -p:LlamaBackend=cuda or vulkan")
            : DoctorCheck.Ok("gpu", string.Join("; ", gpus.Select(gpu =>
                string.Create(CultureInfo.InvariantCulture, $"{gpu.Name}: {gpu.Description}, {gpu.FreeBytes / GiB} of {gpu.TotalBytes / GiB} GiB free"))));
    }

    private static DoctorCheck CheckMemory()
    {
        // What is known of the memory is what the newest collection saw.
        GC.Collect(0);
        var info = GC.GetGCMemoryInfo();
        var (total, used) = (info.TotalAvailableMemoryBytes, info.MemoryLoadBytes);
        var finding = string.Create(CultureInfo.InvariantCulture, $"{total / (double)GiB:F1} GiB, {Math.Max(0, total - used) / (double)GiB:F1} GiB free");
        return total < 14 * GiB
            ? DoctorCheck.Ok("memory", $"{finding}; enough for the starter model, too little for gpt-oss-20b, which wants 16 GiB")
            : DoctorCheck.Ok("memory", finding);
    }

    /// <summary>Loads the model and completes a line with it: the only proof that everything works together.</summary>
    private async Task<IEnumerable<DoctorCheck>> CheckModelAsync(SettingsStore settings, CancellationToken cancellationToken)
    {
        try
        {
            var started = environment.Time.GetTimestamp();
            await using var assistant = LocalAssistant.Start(environment, ModelPath.CheckForEngine(environment, settings.For(null).Get(SettingsSchema.Model)), NullLogger.Instance, settings: settings);
            var model = await assistant.WaitForModelAsync(cancellationToken);
            var loading = environment.Time.GetElapsedTime(started);
            var weights = model.ParameterCount == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $"{model.ParameterCount / 1e6:N1} million weights, {model.SizeInBytes / 1e6:N1} MB, ");
            var loaded = DoctorCheck.Ok("model", string.Create(CultureInfo.InvariantCulture, $"{model.Name} ({model.Architecture}), {weights}{model.ContextLength:N0} tokens of context, ready after {loading.TotalMilliseconds:F0} ms"));
            if (model.CompletionRefusal is { } refusal)
            {
                return [loaded, DoctorCheck.Warn("completion", refusal)];
            }

            // In no folder: whatever surrounds the program must not decide about it.
            var document = new DocumentSnapshot("Check.cs", "csharp", 1, SourceText.From(Before + "\n}\n"));
            started = environment.Time.GetTimestamp();
            var answer = await assistant.Completion.CompleteAsync(new CompletionRequest(document, Before.Length, CompletionTrigger.Automatic), cancellationToken);
            var total = environment.Time.GetElapsedTime(started);
            return [loaded, CheckAnswer(answer, total)];
        }
        catch (CommandFailure failure)
        {
            return [DoctorCheck.Fail("model", failure.Message)];
        }
    }

    private static DoctorCheck CheckAnswer(CompletionAnswer answer, TimeSpan total)
    {
        var time = string.Create(CultureInfo.InvariantCulture, $"{total.TotalMilliseconds:F0} ms");
        // Of a slow answer what is whole is shown, before anybody knows what the rest will cost.
        if (answer is { Usage: null, Candidates.IsEmpty: true })
        {
            return DoctorCheck.Fail("completion", answer.Reason?.Message ?? "the model did not answer");
        }

        var shown = answer.Candidates is [var candidate, ..] ? $"`public int Count ` went on with `{candidate.InsertText}`" : $"an answer that is not shown ({answer.Reason?.Code})";
        return total > TimeSpan.FromSeconds(2)
            ? DoctorCheck.Warn("completion", $"{shown} after {time}, which is slow: use a smaller model or a GPU")
            : DoctorCheck.Ok("completion", $"{shown} after {time}");
    }

    private static void Show(IAnsiConsole console, DoctorReport report)
    {
        console.WriteLine($"gptoss-codeassist {report.Version}");
        foreach (var check in report.Checks)
        {
            var color = check.Verdict switch { "ok" => Color.Green, "warn" => Color.Yellow, _ => Color.Red };
            console.Write(new Paragraph($"{check.Verdict,-4} ", new Style(color)).Append($"{check.Name,-10} ", new Style(decoration: Decoration.Bold)).Append(check.Finding));
            console.WriteLine();
        }
    }
}
