namespace GptOss.CodeAssist.Assistant.Completion;

/// <summary>Inline completion: a caret in, ghost text out.</summary>
public interface ICompletionService
{
    /// <summary>Never throws for what a model, a document or an engine does: an empty answer says why instead.</summary>
    /// <exception cref="OperationCanceledException">The request was cancelled.</exception>
    Task<CompletionAnswer> CompleteAsync(CompletionRequest request, CancellationToken cancellationToken);
}
