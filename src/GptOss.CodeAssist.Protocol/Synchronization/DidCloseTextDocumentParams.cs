namespace GptOss.CodeAssist.Protocol;

/// <summary>A document was closed.</summary>
public sealed record DidCloseTextDocumentParams
{
    public required TextDocumentIdentifier TextDocument { get; init; }
}
