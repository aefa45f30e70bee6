using GptOss.CodeAssist.Protocol;

namespace GptOss.CodeAssist.Server.Handlers;

/// <summary><c>textDocument/didClose</c>: the document is no longer the editor's.</summary>
internal static class DidCloseHandler
{
    public static NoResult Handle(Session session, DidCloseTextDocumentParams parameters)
    {
        session.Remove(parameters.TextDocument.Uri);
        return NoResult.Instance;
    }
}
