namespace GptOss.CodeAssist.Protocol;

/// <summary>Asks for the entries of the editor's pop-up.</summary>
public sealed record CompletionParams
{
    public required TextDocumentIdentifier TextDocument { get; init; }
    public required Position Position { get; init; }
    public CompletionContext? Context { get; init; }
}
