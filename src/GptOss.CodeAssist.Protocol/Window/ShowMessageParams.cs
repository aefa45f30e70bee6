namespace GptOss.CodeAssist.Protocol;

/// <summary>A message for the person.</summary>
public sealed record ShowMessageParams
{
    public required MessageType Type { get; init; }
    public required string Message { get; init; }
}
