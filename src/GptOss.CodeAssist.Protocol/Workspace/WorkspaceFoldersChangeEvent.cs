namespace GptOss.CodeAssist.Protocol;

/// <summary>The folders opened and closed.</summary>
public sealed record WorkspaceFoldersChangeEvent
{
    public required IReadOnlyList<WorkspaceFolder> Added { get; init; }
    public required IReadOnlyList<WorkspaceFolder> Removed { get; init; }
}
