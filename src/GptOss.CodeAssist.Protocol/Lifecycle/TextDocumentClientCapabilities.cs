namespace GptOss.CodeAssist.Protocol;

/// <summary>What the editor can do with documents.</summary>
public sealed record TextDocumentClientCapabilities
{
    public InlineCompletionClientCapabilities? InlineCompletion { get; init; }
    public CodeActionClientCapabilities? CodeAction { get; init; }
}
