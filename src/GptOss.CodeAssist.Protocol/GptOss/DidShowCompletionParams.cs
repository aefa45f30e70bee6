namespace GptOss.CodeAssist.Protocol;

/// <summary>Parameters of <c>textDocument/didShowCompletion</c>: a person saw this answer.</summary>
public sealed record DidShowCompletionParams
{
    public required InlineCompletionItem Item { get; init; }
}
