using GptOss.CodeAssist.Assistant;
using GptOss.CodeAssist.Protocol;

namespace GptOss.CodeAssist.Server.Handlers;

/// <summary><c>textDocument/didClose</c>: the document is no longer the editor's.</summary>
internal sealed class DidCloseHandler(CSharpWorkspaces? workspaces)
{
    public NoResult Handle(Session session, DidCloseTextDocumentParams parameters)
    {
        session.Remove(parameters.TextDocument.Uri);
        workspaces?.Close(ProtocolConversions.GetPath(parameters.TextDocument.Uri));
        return NoResult.Instance;
    }
}
