namespace GptOss.CodeAssist.Protocol;

/// <summary>Asks what may be shown at a caret.</summary>
public sealed record InlineCompletionParams
{
    public required TextDocumentIdentifier TextDocument { get; init; }
    public required Position Position { get; init; }

    /// <summary>Required by the specification; null is read as automatic.</summary>
    public InlineCompletionContext? Context { get; init; }
}
