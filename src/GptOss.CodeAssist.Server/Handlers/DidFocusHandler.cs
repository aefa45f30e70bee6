using GptOss.CodeAssist.Assistant.Completion;
using GptOss.CodeAssist.Protocol;

namespace GptOss.CodeAssist.Server.Handlers;

/// <summary><c>textDocument/didFocus</c>: another document came to the front; what completing it needs is read ahead.</summary>
internal sealed class DidFocusHandler(ICompletionService completion)
{
    public Task<NoResult> HandleAsync(Snapshot snapshot, DidFocusParams parameters, CancellationToken cancellationToken)
    {
        if (parameters.TextDocument is { } shown && snapshot.FindDocument(shown.Uri) is { } document)
        {
            completion.WarmUp(document.Document);
        }

        return Task.FromResult(NoResult.Instance);
    }
}
