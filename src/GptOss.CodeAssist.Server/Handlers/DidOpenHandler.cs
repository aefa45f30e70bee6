using GptOss.CodeAssist.Protocol;

namespace GptOss.CodeAssist.Server.Handlers;

/// <summary><c>textDocument/didOpen</c>: the editor's text counts from now on, not the file's.</summary>
internal static class DidOpenHandler
{
    public static NoResult Handle(Session session, DidOpenTextDocumentParams parameters)
    {
        session.Put(ProtocolConversions.FromProtocol(parameters.TextDocument));
        return NoResult.Instance;
    }
}
