namespace GptOss.CodeAssist.Protocol;

/// <summary>Asks what can be done at a place.</summary>
public sealed record CodeActionParams
{
    public required TextDocumentIdentifier TextDocument { get; init; }
    public required TextRange Range { get; init; }
    public required CodeActionContext Context { get; init; }
}
