namespace GptOss.CodeAssist.Protocol;

/// <summary>Asks the editor to apply an edit.</summary>
public sealed record ApplyWorkspaceEditParams
{
    public string? Label { get; init; }
    public required WorkspaceEdit Edit { get; init; }
}
