namespace GptOss.CodeAssist.Harmony;

/// <summary>How long the model thinks before it answers.</summary>
public enum ReasoningEffort
{
    Low,
    Medium,
    High,
}
