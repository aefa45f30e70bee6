namespace GptOss.CodeAssist.Protocol;

/// <summary>A piece of a chat's answer, in order.</summary>
public sealed record GptOssChatPartial
{
    /// <summary><c>answer</c>, <c>reasoning</c>, <c>toolCall</c>, <c>toolResult</c> or <c>notice</c>.</summary>
    public required string Kind { get; init; }

    public required string Text { get; init; }
}
