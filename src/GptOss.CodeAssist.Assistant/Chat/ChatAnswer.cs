using GptOss.CodeAssist.Inference;

namespace GptOss.CodeAssist.Assistant.Chat;

/// <summary>What came of one message.</summary>
/// <param name="Text">The whole answer in Markdown; empty where there is none.</param>
/// <param name="Reason">Why there is no answer; null where there is one.</param>
public sealed record ChatAnswer(string Text, EmptyReason? Reason)
{
    /// <summary>The model's thoughts.</summary>
    public string Reasoning { get; init; } = "";

    /// <summary>How often the model looked something up.</summary>
    public int ToolCalls { get; init; }

    /// <summary>Earlier turns that were left out because the conversation had become too long.</summary>
    public int DroppedTurns { get; init; }

    /// <summary>The last generation's cost.</summary>
    public GenerationUsage? Usage { get; init; }
}
