namespace GptOss.CodeAssist.Protocol;

/// <summary>The server introduces itself.</summary>
public sealed record InitializeResult
{
    public required ServerCapabilities Capabilities { get; init; }
    public ServerInfo? ServerInfo { get; init; }
}
