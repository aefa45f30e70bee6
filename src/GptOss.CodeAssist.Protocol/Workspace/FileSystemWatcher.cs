namespace GptOss.CodeAssist.Protocol;

/// <summary>Files of the workspace, by a pattern as <c>**/*.cs</c>.</summary>
public sealed record FileSystemWatcher
{
    public required string GlobPattern { get; init; }
}
