namespace GptOss.CodeAssist.Protocol;

/// <summary>How the editor reports changes.</summary>
public sealed record TextDocumentSyncOptions
{
    public required bool OpenClose { get; init; }
    public required TextDocumentSyncKind Change { get; init; }
    public SaveOptions? Save { get; init; }
}
