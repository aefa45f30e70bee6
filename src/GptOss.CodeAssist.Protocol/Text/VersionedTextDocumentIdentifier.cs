namespace GptOss.CodeAssist.Protocol;

/// <summary>Names a document at one version.</summary>
public sealed record VersionedTextDocumentIdentifier
{
    public required string Uri { get; init; }
    public required int Version { get; init; }
}
