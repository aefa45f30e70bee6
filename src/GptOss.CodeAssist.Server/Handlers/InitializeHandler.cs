using GptOss.CodeAssist.Protocol;
using Microsoft.Extensions.Logging;

namespace GptOss.CodeAssist.Server.Handlers;

/// <summary><c>initialize</c>: the editor and the server tell each other what they can do.</summary>
internal sealed class InitializeHandler(LanguageServerServices services, EditorProcessWatch editor, EditorSettings settings, ILogger logger)
{
    public InitializeResult Handle(Session session, InitializeParams parameters)
    {
        var client = ClientProfile.Resolve(parameters);
        logger.LogInformation("Editor: {Client}, process {ProcessId}", client.Name, client.ProcessId);
        if (client.ProcessId is { } processId)
        {
            editor.Start(processId);
        }

        settings.TakeInitial(parameters.InitializationOptions);
        session.Start(client);
        services.Workspaces?.ChangeFolders(FoldersOf(parameters), []);
        return Describe(services.Version, client.InlineCompletion, services.Actions is not null, ExecuteCommandHandler.CommandsOf(services), services.Workspaces is not null);
    }

    /// <summary>An answer of everything that one may hold.</summary>
    public static InitializeResult Rehearsal => Describe("", hasGhostText: false, hasActions: true, [], hasWorkspaces: true);

    private static InitializeResult Describe(string version, bool hasGhostText, bool hasActions, IReadOnlyList<string> commands, bool hasWorkspaces) => new()
    {
        ServerInfo = new ServerInfo { Name = "gptoss-codeassist", Version = version },
        Capabilities = new ServerCapabilities
        {
            PositionEncoding = "utf-16",
            TextDocumentSync = new TextDocumentSyncOptions { OpenClose = true, Change = TextDocumentSyncKind.Incremental, Save = new SaveOptions { IncludeText = false } },
            InlineCompletionProvider = new InlineCompletionOptions(),
            // Where there is ghost text the pop-up is left to others.
            CompletionProvider = hasGhostText ? null : new CompletionProviderOptions(),
            CodeActionProvider = hasActions ? new CodeActionOptions { CodeActionKinds = ActionConversions.Kinds, ResolveProvider = true } : null,
            ExecuteCommandProvider = new ExecuteCommandOptions { Commands = commands },
            Workspace = hasWorkspaces ? new WorkspaceServerCapabilities { WorkspaceFolders = new WorkspaceFoldersServerCapabilities { Supported = true, ChangeNotifications = true } } : null,
        },
    };

    /// <summary>Older editors know one folder only.</summary>
    private static IEnumerable<string> FoldersOf(InitializeParams parameters) => parameters.WorkspaceFolders is { Count: > 0 } folders
        ? folders.Select(folder => ProtocolConversions.GetPath(folder.Uri))
        : parameters.RootUri is { Length: > 0 } uri ? [ProtocolConversions.GetPath(uri)]
        : parameters.RootPath is { Length: > 0 } path ? [path] : [];
}
