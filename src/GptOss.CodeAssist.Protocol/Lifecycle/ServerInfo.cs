namespace GptOss.CodeAssist.Protocol;

/// <summary>The server's name.</summary>
public sealed record ServerInfo
{
    public required string Name { get; init; }
    public string? Version { get; init; }
}
