namespace GptOss.CodeAssist.Protocol;

/// <summary>A document was opened.</summary>
public sealed record DidOpenTextDocumentParams
{
    public required TextDocumentItem TextDocument { get; init; }
}
