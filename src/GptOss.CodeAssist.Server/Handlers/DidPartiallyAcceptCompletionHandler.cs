using GptOss.CodeAssist.Assistant.Completion;
using GptOss.CodeAssist.Protocol;

namespace GptOss.CodeAssist.Server.Handlers;

/// <summary><c>textDocument/didPartiallyAcceptCompletion</c>: a person took the beginning of an answer.</summary>
internal sealed class DidPartiallyAcceptCompletionHandler(ICompletionFeedback? feedback)
{
    public Task<NoResult> HandleAsync(Snapshot snapshot, DidPartiallyAcceptCompletionParams parameters, CancellationToken cancellationToken)
    {
        if (ProtocolConversions.FindCandidateId(parameters.Item.Command) is { } id)
        {
            feedback?.PartiallyAccepted(id, parameters.AcceptedLength);
        }

        return Task.FromResult(NoResult.Instance);
    }
}
