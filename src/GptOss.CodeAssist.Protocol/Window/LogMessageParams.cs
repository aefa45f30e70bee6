namespace GptOss.CodeAssist.Protocol;

/// <summary>A line for the editor's log.</summary>
public sealed record LogMessageParams
{
    public required MessageType Type { get; init; }
    public required string Message { get; init; }
}
