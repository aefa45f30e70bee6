namespace GptOss.CodeAssist.Protocol;

/// <summary>A folder that the editor has open.</summary>
public sealed record WorkspaceFolder
{
    public required string Uri { get; init; }
    public required string Name { get; init; }
}
