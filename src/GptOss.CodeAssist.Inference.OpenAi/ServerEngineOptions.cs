namespace GptOss.CodeAssist.Inference.OpenAi;

/// <summary>Which server and which of its models.</summary>
public sealed record ServerEngineOptions
{
    public required ServerAddress Address { get; init; }

    /// <summary>The model's name at the server; null takes the first that the server lists.</summary>
    public string? Model { get; init; }

    public ServerKey Key { get; init; } = ServerKey.None;

    /// <summary>How long a connection may take to come about, encryption included.</summary>
    public TimeSpan ConnectPatience { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>What the server's log may call us.</summary>
    public string Agent { get; init; } = "gptoss-codeassist";
}
