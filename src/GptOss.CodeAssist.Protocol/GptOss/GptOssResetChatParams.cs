namespace GptOss.CodeAssist.Protocol;

/// <summary>Names the conversation to forget.</summary>
public sealed record GptOssResetChatParams
{
    public required string ConversationId { get; init; }
}
