namespace GptOss.CodeAssist.Protocol;

/// <summary>A question for the person; the reply is the chosen answer, or null.</summary>
public sealed record ShowMessageRequestParams
{
    public required MessageType Type { get; init; }
    public required string Message { get; init; }
    public required IReadOnlyList<MessageActionItem> Actions { get; init; }
}
