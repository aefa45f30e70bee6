using GptOss.CodeAssist.Assistant.Completion;
using GptOss.CodeAssist.Protocol;

namespace GptOss.CodeAssist.Server.Handlers;

/// <summary><c>textDocument/didOpen</c>: the editor's text counts from now on, not the file's.</summary>
internal sealed class DidOpenHandler(ICompletionService completion)
{
    public NoResult Handle(Session session, DidOpenTextDocumentParams parameters)
    {
        var opened = ProtocolConversions.FromProtocol(parameters.TextDocument);
        session.Put(opened);
        completion.WarmUp(opened.Document);
        return NoResult.Instance;
    }
}
