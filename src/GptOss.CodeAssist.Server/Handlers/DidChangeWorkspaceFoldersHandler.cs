using GptOss.CodeAssist.Assistant;
using GptOss.CodeAssist.Protocol;

namespace GptOss.CodeAssist.Server.Handlers;

/// <summary><c>workspace/didChangeWorkspaceFolders</c>: the person opened or closed folders.</summary>
internal sealed class DidChangeWorkspaceFoldersHandler(CSharpWorkspaces? workspaces)
{
    public NoResult Handle(Session session, DidChangeWorkspaceFoldersParams parameters)
    {
        workspaces?.ChangeFolders(PathsOf(parameters.Event.Added), PathsOf(parameters.Event.Removed));
        return NoResult.Instance;
    }

    private static IEnumerable<string> PathsOf(IEnumerable<WorkspaceFolder> folders) => folders.Select(folder => ProtocolConversions.GetPath(folder.Uri));
}
