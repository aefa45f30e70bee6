namespace GptOss.CodeAssist.Protocol;

/// <summary>Something that can be done; its edit is computed when the editor resolves it.</summary>
public sealed record CodeAction
{
    public required string Title { get; init; }
    public string? Kind { get; init; }
    public IReadOnlyList<Diagnostic>? Diagnostics { get; init; }
    public CodeActionDisabled? Disabled { get; init; }
    public WorkspaceEdit? Edit { get; init; }

    /// <summary>Run by editors that do not resolve, and for what is no edit.</summary>
    public Command? Command { get; init; }
    public GptOssCommandArguments? Data { get; init; }
}
