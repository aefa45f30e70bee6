namespace GptOss.CodeAssist.Protocol;

/// <summary>Parameters of <c>textDocument/didPartiallyAcceptCompletion</c>: a person took the beginning of this answer.</summary>
public sealed record DidPartiallyAcceptCompletionParams
{
    public required InlineCompletionItem Item { get; init; }

    /// <summary>UTF-16 units from the start of the inserted text.</summary>
    public required int AcceptedLength { get; init; }
}
