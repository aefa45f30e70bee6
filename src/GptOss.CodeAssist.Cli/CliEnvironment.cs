using System.Runtime.InteropServices;
using System.Text;
using GptOss.CodeAssist.EngineDaemon;
using GptOss.CodeAssist.Inference;
using GptOss.CodeAssist.Inference.Llama;
using GptOss.CodeAssist.Inference.OpenAi;
using GptOss.CodeAssist.Settings;
using Microsoft.Extensions.Logging;
using Spectre.Console;

namespace GptOss.CodeAssist.Cli;

/// <summary>What a process gives a command: streams, clock, and the engine. Tests give others.</summary>
internal sealed record CliEnvironment
{
    public required Stream Input { get; init; }

    /// <summary>Belongs to the protocol in <c>serve</c>, to the answer in the other verbs.</summary>
    public required Stream Output { get; init; }

    /// <summary>Messages for people.</summary>
    public required TextWriter Error { get; init; }

    public required bool IsInputTerminal { get; init; }

    public required bool IsOutputTerminal { get; init; }

    public required bool IsErrorTerminal { get; init; }

    /// <summary>Where the program and its embedded model lie.</summary>
    public required string ProgramFolder { get; init; }

    /// <summary>Where it is kept which folders the person trusts; null keeps nothing.</summary>
    public string? TrustFile { get; init; }

    /// <summary>Where it is counted what became of completions.</summary>
    public string StatsFile => Path.Combine(DataFolder, "completions.json");

    /// <summary>The user's own folder for what can be made again or fetched again: models, logs.</summary>
    public string DataFolder { get; init; } = UserFolders.Data;

    /// <summary>The user's own folder for settings and prompts.</summary>
    public string ConfigFolder { get; init; } = UserFolders.Config;

    /// <summary>An environment variable; null where it is not set or empty.</summary>
    public Func<string, string?> FindVariable { get; init; } = name => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;

    public required TimeProvider Time { get; init; }

    public required Func<LlamaEngineOptions, ILogger, IInferenceEngine> StartEngine { get; init; }

    /// <summary>Begins to use a model server.</summary>
    public Func<ServerEngineOptions, ILogger, IInferenceEngine> StartServerEngine { get; init; } = (options, logger) => ServerEngine.Start(options, logger);

    /// <summary>The model server that stands in for a model on this machine; null where none does.</summary>
    public Func<ServerEngineOptions?> FindModelServer { get; init; } = () => null;

    /// <summary>Where this user's shared engines are found.</summary>
    public Func<EngineFolder> OpenEngineFolder { get; init; } = EngineFolder.OpenDefault;

    /// <summary>Starts this program as the host of a shared engine; the task completes when that process is gone.</summary>
    public Func<EngineAddress, Task> StartEngineProcess { get; init; } = Engines.EngineProcess.Start;

    /// <summary>Starts this program with the given arguments as a language server.</summary>
    public required Func<IReadOnlyList<string>, ServerStreams> StartServer { get; init; }

    /// <summary>What an editor's client says of its settings, as JSON, to every program that it starts: over the protocol, what concerns model and machine would come too late.</summary>
    public const string EditorSettings = "GPTOSS_EDITOR_SETTINGS";

    /// <summary>Hears Ctrl-C until the result is disposed. The function says whether it has dealt with it; else the process ends.</summary>
    public Func<Func<bool>, IDisposable> WatchInterrupts { get; init; } =
        handle => PosixSignalRegistration.Create(PosixSignal.SIGINT, interrupt => interrupt.Cancel |= handle());

    /// <summary>What the command line says of the settings.</summary>
    public Func<SettingsLayer> ReadCommandLine { get; init; } = () => SettingsLayer.Empty(SettingsOrigin.CommandLine);

    /// <summary>The settings of this user, of the editor that started this process, and, for a workspace, of its file; the command line above them all.</summary>
    /// <param name="commandLine">What the command line says; null for what it says in this environment.</param>
    public SettingsStore OpenSettings(SettingsLayer? commandLine = null)
    {
        var store = new SettingsStore(Path.Combine(ConfigFolder, "settings.json"), commandLine ?? ReadCommandLine(), Time);
        if (FindVariable(EditorSettings) is { } said)
        {
            store.SetEditor(said);
        }

        return store;
    }

    /// <summary>A writer on <see cref="Output"/>: UTF-8 without a byte order mark, LF, flushed by whoever disposes it.</summary>
    public StreamWriter OpenWriter() => new(Output, new UTF8Encoding(false), leaveOpen: true) { NewLine = "\n" };

    /// <summary>A console on <paramref name="writer"/>: coloured on a terminal, plain elsewhere.</summary>
    public IAnsiConsole OpenConsole(TextWriter writer) => AnsiConsole.Create(new AnsiConsoleSettings
    {
        Ansi = IsOutputTerminal ? AnsiSupport.Detect : AnsiSupport.No,
        ColorSystem = IsOutputTerminal ? ColorSystemSupport.Detect : ColorSystemSupport.NoColors,
        Interactive = InteractionSupport.No,
        Out = new ConsoleOutput(writer, IsOutputTerminal),
    });
}
