namespace GptOss.CodeAssist.Protocol;

/// <summary>What the server does with the workspace.</summary>
public sealed record WorkspaceServerCapabilities
{
    public WorkspaceFoldersServerCapabilities? WorkspaceFolders { get; init; }
}
