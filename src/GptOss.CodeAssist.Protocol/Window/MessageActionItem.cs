namespace GptOss.CodeAssist.Protocol;

/// <summary>An answer that a person may choose.</summary>
public sealed record MessageActionItem
{
    public required string Title { get; init; }
}
