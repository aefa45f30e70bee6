namespace GptOss.CodeAssist.Protocol;

/// <summary>A document changed.</summary>
public sealed record DidChangeTextDocumentParams
{
    public required VersionedTextDocumentIdentifier TextDocument { get; init; }

    /// <summary>To be applied one after another.</summary>
    public required IReadOnlyList<TextDocumentContentChange> ContentChanges { get; init; }
}
