namespace GptOss.CodeAssist.Protocol;

/// <summary>What came of a message.</summary>
public sealed record GptOssChatResult
{
    /// <summary>The whole answer in Markdown; empty where there is none.</summary>
    public required string Text { get; init; }

    public string? Reasoning { get; init; }

    /// <summary>Why there is no answer; absent where there is one.</summary>
    public GptOssEmptyAnswer? Reason { get; init; }

    public required int ToolCalls { get; init; }

    /// <summary>Earlier turns for which there was no more room.</summary>
    public required int DroppedTurns { get; init; }
}
