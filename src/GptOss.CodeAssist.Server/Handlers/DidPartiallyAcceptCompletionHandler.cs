using GptOss.CodeAssist.Assistant.Completion;
using GptOss.CodeAssist.Protocol;

namespace GptOss.CodeAssist.Server.Handlers;

/// <summary><c>textDocument/didPartiallyAcceptCompletion</c>: a person took the beginning of an answer.</summary>
internal sealed class DidPartiallyAcceptCompletionHandler(ICompletionFeedback? feedback)
{
    public NoResult Handle(Session session, DidPartiallyAcceptCompletionParams parameters)
    {
        if (ProtocolConversions.FindCandidateId(parameters.Item.Command) is { } id)
        {
            feedback?.PartiallyAccepted(id, parameters.AcceptedLength);
        }

        return NoResult.Instance;
    }
}
