namespace GptOss.CodeAssist.Assistant.Completion;

/// <summary>Inline completion: a caret in, ghost text out.</summary>
public interface ICompletionService
{
    /// <summary>Never throws for what a model, a document or an engine does: an empty answer says why instead.</summary>
    /// <exception cref="OperationCanceledException">The request was cancelled.</exception>
    Task<CompletionAnswer> CompleteAsync(CompletionRequest request, CancellationToken cancellationToken);

    /// <summary>A document was opened or came to the front: reads what completing it will need, in the background. Returns at once and never throws.</summary>
    void WarmUp(DocumentSnapshot document);
}
