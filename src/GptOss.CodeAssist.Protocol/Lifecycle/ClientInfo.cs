namespace GptOss.CodeAssist.Protocol;

/// <summary>The editor's name.</summary>
public sealed record ClientInfo
{
    public required string Name { get; init; }
    public string? Version { get; init; }
}
