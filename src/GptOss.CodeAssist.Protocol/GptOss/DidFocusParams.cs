namespace GptOss.CodeAssist.Protocol;

/// <summary>Parameters of <c>textDocument/didFocus</c>: the editor shows another document, or none.</summary>
public sealed record DidFocusParams
{
    public TextDocumentIdentifier? TextDocument { get; init; }
}
