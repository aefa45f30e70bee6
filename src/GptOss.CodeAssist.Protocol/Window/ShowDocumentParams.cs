namespace GptOss.CodeAssist.Protocol;

/// <summary>Asks the editor to show a document.</summary>
public sealed record ShowDocumentParams
{
    public required string Uri { get; init; }
    public bool? TakeFocus { get; init; }
}
