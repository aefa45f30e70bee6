using GptOss.CodeAssist.Assistant.Completion;
using GptOss.CodeAssist.Protocol;
using Microsoft.Extensions.Logging;

namespace GptOss.CodeAssist.Server.Handlers;

/// <summary><c>textDocument/didChange</c>: the text changed.</summary>
internal sealed class DidChangeHandler(ICompletionFeedback? feedback, ILogger logger, TimeProvider time)
{
    public NoResult Handle(Session session, DidChangeTextDocumentParams parameters)
    {
        var (uri, version) = (parameters.TextDocument.Uri, parameters.TextDocument.Version);
        if (session.Current.FindDocument(uri) is not { } document)
        {
            logger.LogWarning("A change of {Uri}, which is not open, was ignored.", uri);
            return NoResult.Instance;
        }

        if (version <= document.Document.Version)
        {
            logger.LogWarning("A change of {Uri} goes from version {Old} to {New}; it is applied in the order received.", uri, document.Document.Version, version);
        }

        var changed = ProtocolConversions.Apply(document, version, parameters.ContentChanges) with { ChangedAt = time.GetTimestamp() };
        session.Put(changed);
        feedback?.Edited(changed.Document);
        return NoResult.Instance;
    }
}
