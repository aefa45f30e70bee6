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
        return new InitializeResult
        {
            ServerInfo = new ServerInfo { Name = "gptoss-codeassist", Version = services.Version },
            Capabilities = new ServerCapabilities
            {
                PositionEncoding = "utf-16",
                TextDocumentSync = new TextDocumentSyncOptions { OpenClose = true, Change = TextDocumentSyncKind.Incremental, Save = new SaveOptions { IncludeText = false } },
                InlineCompletionProvider = new InlineCompletionOptions(),
                // Where there is ghost text the pop-up is left to others.
                CompletionProvider = client.InlineCompletion ? null : new CompletionProviderOptions(),
                CodeActionProvider = services.Actions is null ? null : new CodeActionOptions { CodeActionKinds = ActionConversions.Kinds, ResolveProvider = true },
                ExecuteCommandProvider = new ExecuteCommandOptions { Commands = ExecuteCommandHandler.CommandsOf(services) },
                Workspace = services.Workspaces is null ? null : new WorkspaceServerCapabilities { WorkspaceFolders = new WorkspaceFoldersServerCapabilities { Supported = true, ChangeNotifications = true } },
            },
        };
    }

    /// <summary>Older editors know one folder only.</summary>
    private static IEnumerable<string> FoldersOf(InitializeParams parameters) => parameters.WorkspaceFolders is { Count: > 0 } folders
        ? folders.Select(folder => ProtocolConversions.GetPath(folder.Uri))
        : parameters.RootUri is { Length: > 0 } uri ? [ProtocolConversions.GetPath(uri)]
        : parameters.RootPath is { Length: > 0 } path ? [path] : [];
}
