using System.Collections.Immutable;
using System.CommandLine;
using System.Runtime.InteropServices;
using System.Text.Json;
using GptOss.CodeAssist.Cli.Engines;
using GptOss.CodeAssist.Cli.Showing;
using GptOss.CodeAssist.EngineDaemon;
using GptOss.CodeAssist.Inference.Llama;
using GptOss.CodeAssist.Settings;
using Microsoft.Extensions.Logging;

namespace GptOss.CodeAssist.Cli.Verbs;

/// <summary><c>engine</c>: the processes in which models run for every editor of this user.</summary>
internal sealed class EngineVerb(GlobalOptions options, CliEnvironment environment)
{
    /// <summary>How long an engine may take to give its memory back.</summary>
    private static readonly TimeSpan StopPatience = TimeSpan.FromSeconds(30);

    private readonly Argument<string> _order = new("order") { HelpName = "FILE" };

    public Command Create()
    {
        var status = new Command("status", "Shows which engines run, with which model, for how many editors.") { options.Json };
        status.SetAction(StatusAsync);
        var stop = new Command("stop", "Ends every engine; editors that are open say so, and get it back with `engine start`.") { options.Json };
        stop.SetAction(StopAsync);
        var start = new Command("start", "Starts the engine for --model, also after it was stopped or had died too often, and waits until it answers.");
        start.SetAction(StartAsync);
        var run = new Command("run", "Hosts an engine.") { _order };
        run.Hidden = true;
        run.SetAction(RunAsync);
        return new Command("engine", "The engine that all editors share.") { status, start, stop, run };
    }

    private async Task<int> StatusAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var running = ImmutableArray.CreateBuilder<EngineReport>();
        foreach (var address in OpenFolder().List())
        {
            if (await EngineVisit.LookAsync(address, environment.Time, cancellationToken) is { } report)
            {
                running.Add(report);
            }
        }

        await ShowAsync(parsed, running.ToImmutable(), "runs");
        return ExitCodes.Done;
    }

    private async Task<int> StopAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var stopped = ImmutableArray.CreateBuilder<EngineReport>();
        foreach (var address in OpenFolder().List())
        {
            using var patience = new CancellationTokenSource(StopPatience, environment.Time);
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
            try
            {
                if (await EngineVisit.StopAsync(address, environment.Time, limit.Token) is { } report)
                {
                    stopped.Add(report);
                }
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                throw CommandFailure.Failed($"The engine {address.Name} was told to leave and has not done so for {StopPatience.TotalSeconds:F0} s; end its process, which `gptoss-codeassist engine status` names. Its log is {address.LogPath}.");
            }
        }

        await ShowAsync(parsed, stopped.ToImmutable(), "stopped");
        return ExitCodes.Done;
    }

    private async Task<int> StartAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var logger = new StandardErrorLogger(environment.Error, parsed.GetValue(options.LogLevel) ?? LogLevel.Error, environment.Time);
        var settings = options.OpenSettings(parsed, environment).For(null);
        var model = new LlamaEngineOptions { ModelPath = ModelPath.Resolve(environment, settings.Get(SettingsSchema.Model)) };
        // The same settings as serve's, or editors would look for another engine.
        var order = EngineOrder.For(environment, ConfiguredEngine.Apply(model, settings));
        var address = order.AddressIn(OpenFolder());
        new EngineJournal(address, environment.Time).Clear();
        await using var engine = EngineSelection.Share(environment, order, settings, address, logger);
        try
        {
            var loaded = await engine.WaitForModelAsync(cancellationToken);
            await using var writer = environment.OpenWriter();
            await writer.WriteLineAsync($"The engine is ready: {loaded.Name}. It leaves when nobody has used it for {settings.Get(SettingsSchema.EngineIdleMinutes)} minutes.");
            return ExitCodes.Done;
        }
        catch (Inference.InferenceException exception)
        {
            throw CommandFailure.Failed(exception.Message);
        }
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var orderPath = Path.GetFullPath(parsed.GetRequiredValue(_order));
        var (order, idleMinutes) = EngineLaunch.Read(orderPath);
        var address = EngineFolder.Open(Path.GetDirectoryName(orderPath)!).At(Path.GetFileNameWithoutExtension(orderPath));
        DetachFromTerminal();
        using var hangup = OperatingSystem.IsWindows() ? null : PosixSignalRegistration.Create(PosixSignal.SIGHUP, signal => signal.Cancel = true);
        // On Windows there is no shell that would lead stderr into the log.
        await using var log = OperatingSystem.IsWindows() ? new StreamWriter(address.LogPath) { AutoFlush = true } : null;
        var logger = new StandardErrorLogger(log ?? environment.Error, parsed.GetValue(options.LogLevel) ?? LogLevel.Information, environment.Time);
        var hosted = new EngineHostOptions
        {
            Address = address,
            Build = order.Build,
            Model = order.Options.ModelPath,
            IdleTimeout = TimeSpan.FromMinutes(idleMinutes),
        };
        await EngineHost.RunAsync(hosted, () => environment.StartEngine(order.Options, logger), logger, environment.Time, cancellationToken);
        return ExitCodes.Done;
    }

    private EngineFolder OpenFolder()
    {
        try
        {
            return environment.OpenEngineFolder();
        }
        catch (IOException exception)
        {
            throw CommandFailure.Failed(exception.Message);
        }
    }

    private async Task ShowAsync(ParseResult parsed, ImmutableArray<EngineReport> reports, string verb)
    {
        await using var writer = environment.OpenWriter();
        if (parsed.GetValue(options.Json))
        {
            await writer.WriteLineAsync(JsonSerializer.Serialize(reports, CliJson.Readable.ImmutableArrayEngineReport));
            return;
        }

        foreach (var report in reports)
        {
            await writer.WriteLineAsync($"{verb,-8} {EngineDescription.Of(report, environment.Time)}");
        }

        if (reports.IsEmpty)
        {
            await writer.WriteLineAsync("No shared engine runs.");
        }
    }

    /// <summary>A session of its own, so that neither Ctrl-C in an editor's terminal nor the end of its process group reaches every other editor's engine.</summary>
    private static void DetachFromTerminal()
    {
        if (!OperatingSystem.IsWindows())
        {
            _ = StartSession();
        }
    }

#pragma warning disable SYSLIB1054 // LibraryImport generates unsafe code, which only the native edge may hold; this signature needs no marshalling.
    [DllImport("libc", EntryPoint = "setsid")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int StartSession();
#pragma warning restore SYSLIB1054
}
