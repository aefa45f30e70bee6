using GptOss.CodeAssist.Assistant;
using GptOss.CodeAssist.Assistant.Chat;
using GptOss.CodeAssist.Assistant.CodeActions;
using GptOss.CodeAssist.Assistant.Prompts;
using GptOss.CodeAssist.Cli.Showing;
using GptOss.CodeAssist.CSharpContext.Workspace;
using GptOss.CodeAssist.Inference;
using Microsoft.Extensions.Logging;

namespace GptOss.CodeAssist.Cli;

/// <summary>One folder opened as an editor opens it: its solution, its prompts, and the features that need them.</summary>
internal sealed class LocalWorkspace : IAsyncDisposable
{
    private readonly CSharpWorkspace _workspace;
    private readonly WorkspaceSolution _solution;
    private readonly IInferenceEngine _engine;
    private readonly ILogger _logger;

    private LocalWorkspace(string folder, IInferenceEngine engine, ILogger logger, CliEnvironment environment, FolderTrust trust)
    {
        _engine = engine;
        _logger = logger;
        _workspace = CSharpWorkspace.Open([folder], new CSharpWorkspaceOptions { IsTrusted = trust.Find(folder) == true }, logger, environment.Time);
        _solution = new WorkspaceSolution(_workspace);
        // Somebody who writes a prompt has to see here why it does not count.
        var told = logger.IsEnabled(LogLevel.Warning) ? logger : new StandardErrorLogger(environment.Error, LogLevel.Warning, environment.Time);
        Prompts = new PromptLibrary(new PromptFolders(environment.ConfigFolder, trust, told).Find, told);
    }

    public PromptLibrary Prompts { get; }

    /// <summary>Opens a folder and waits until its projects are known.</summary>
    public static async Task<LocalWorkspace> OpenAsync(string folder, IInferenceEngine engine, ILogger logger, CliEnvironment environment, FolderTrust trust, CancellationToken cancellationToken)
    {
        var workspace = new LocalWorkspace(folder, engine, logger, environment, trust);
        return await WaitingLine.ShowAsync(environment, () => $"Reading the projects of {Path.GetFileName(folder)}", PrepareAsync());

        async Task<LocalWorkspace> PrepareAsync()
        {
            await workspace._workspace.Built.WaitAsync(cancellationToken);
            await workspace._solution.PrepareAsync(cancellationToken);
            return workspace;
        }
    }

    public ChatService CreateChat() => new(_engine, _ => _solution, Prompts, new ChatOptions(), _logger);

    public CodeActionService CreateActions() => new(_engine, _ => _solution, Prompts, _logger);

    public async ValueTask DisposeAsync()
    {
        _solution.Dispose();
        await _workspace.DisposeAsync();
    }
}
