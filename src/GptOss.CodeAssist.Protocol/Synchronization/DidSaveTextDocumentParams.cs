namespace GptOss.CodeAssist.Protocol;

/// <summary>A document was saved.</summary>
public sealed record DidSaveTextDocumentParams
{
    public required TextDocumentIdentifier TextDocument { get; init; }
    public string? Text { get; init; }
}
