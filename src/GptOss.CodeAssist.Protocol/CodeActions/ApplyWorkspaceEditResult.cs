namespace GptOss.CodeAssist.Protocol;

/// <summary>Whether the editor applied an edit.</summary>
public sealed record ApplyWorkspaceEditResult
{
    public required bool Applied { get; init; }
    public string? FailureReason { get; init; }
}
