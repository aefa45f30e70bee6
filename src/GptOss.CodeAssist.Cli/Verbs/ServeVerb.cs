using System.CommandLine;
using GptOss.CodeAssist.Assistant.Chat;
using GptOss.CodeAssist.Assistant.CodeActions;
using GptOss.CodeAssist.Assistant.Completion.Habits;
using GptOss.CodeAssist.Assistant.Prompts;
using GptOss.CodeAssist.Server;
using GptOss.CodeAssist.Settings;
using Microsoft.Extensions.Logging;

namespace GptOss.CodeAssist.Cli.Verbs;

/// <summary><c>serve</c>: the language server on stdin and stdout.</summary>
internal sealed class ServeVerb(GlobalOptions options, CliEnvironment environment)
{
    /// <summary>A client that never says that it has the answer gets its model all the same.</summary>
    private static readonly TimeSpan GreetingPatience = TimeSpan.FromSeconds(1);

    public Command Create()
    {
        var command = new Command("serve", "The language server on stdin and stdout; what editors start, and what happens without a verb when stdin is no terminal.");
        command.Options.Add(options.Trust);
        // Several editors' clients add this to every server's command line.
        command.Options.Add(new Option<bool>("--stdio") { Hidden = true });
        command.SetAction(RunAsync);
        return command;
    }

    public async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var settings = environment.OpenSettings(options.ReadCommandLine(parsed));
        // An editor waits for the answer to its greeting first of all: what else begins leaves the processor to that.
        var greeted = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var begin = Task.WhenAny(greeted.Task, Task.Delay(GreetingPatience, environment.Time, cancellationToken));
        await using var logger = new ServerLog(environment.Error, FindLevel(settings), settings.For(null).Get(SettingsSchema.LogFile) ? ServerLog.FolderOf(environment) : null, environment.Time, begin);
        settings.ProblemFound += problem => logger.LogWarning("{Problem}", problem);
        await using var ledger = new CompletionLedgerFile(environment.StatsFile, logger);
        using var habits = new HabitRecorder(ledger, environment.Time);
        // A model that cannot be loaded is no reason to leave: the editor is told, and keeps its other features.
        var trust = GlobalOptions.ReadTrust(settings, environment, logger);
        await using var assistant = LocalAssistant.Start(environment, settings.For(null).Get(SettingsSchema.Model), logger, engine => engine with { LoadAfter = begin }, trust, settings: settings, feedback: habits);
        var workspaces = assistant.Workspaces;
        var prompts = new PromptLibrary(new PromptFolders(environment.ConfigFolder, trust, logger).Find, logger);
        var services = new LanguageServerServices(assistant.Completion, assistant.Status, CommandLine.Version)
        {
            Feedback = habits,
            Greeted = () => greeted.TrySetResult(),
            Workspaces = workspaces,
            Settings = settings,
            Chat = new ChatService(assistant.Engine, workspaces.FindSource, prompts, new ChatOptions { MaxToolCalls = settings.For(null).Get(SettingsSchema.MaxToolCalls) }, logger),
            FetchModel = PullProcess.RunAsync,
            Actions = new CodeActionService(assistant.Engine, workspaces.FindSource, prompts, logger),
        };
        return await LanguageServer.RunAsync(environment.Input, environment.Output, services, logger, environment.Time, cancellationToken);
    }

    /// <summary>Asked for every line, so that a change counts at once.</summary>
    private static Func<LogLevel> FindLevel(SettingsStore settings) => () => Enum.Parse<LogLevel>(settings.For(null).Get(SettingsSchema.LogLevel));
}
