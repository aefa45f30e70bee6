using GptOss.CodeAssist.Assistant.Completion;
using GptOss.CodeAssist.Protocol;

namespace GptOss.CodeAssist.Server.Handlers;

/// <summary><c>textDocument/didShowCompletion</c>: a person saw an answer.</summary>
internal sealed class DidShowCompletionHandler(ICompletionFeedback? feedback)
{
    public NoResult Handle(Session session, DidShowCompletionParams parameters)
    {
        if (ProtocolConversions.FindCandidateId(parameters.Item.Command) is { } id)
        {
            feedback?.Shown(id);
        }

        return NoResult.Instance;
    }
}
