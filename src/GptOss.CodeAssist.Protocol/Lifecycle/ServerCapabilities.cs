namespace GptOss.CodeAssist.Protocol;

/// <summary>What the server can do.</summary>
public sealed record ServerCapabilities
{
    public string? PositionEncoding { get; init; }
    public TextDocumentSyncOptions? TextDocumentSync { get; init; }
    public InlineCompletionOptions? InlineCompletionProvider { get; init; }
    public CompletionProviderOptions? CompletionProvider { get; init; }
    public CodeActionOptions? CodeActionProvider { get; init; }
    public ExecuteCommandOptions? ExecuteCommandProvider { get; init; }
    public WorkspaceServerCapabilities? Workspace { get; init; }
}
