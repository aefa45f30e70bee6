namespace GptOss.CodeAssist.Protocol;

/// <summary>Names a document.</summary>
public sealed record TextDocumentIdentifier
{
    public required string Uri { get; init; }
}
