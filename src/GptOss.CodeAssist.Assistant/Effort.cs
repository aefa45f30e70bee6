namespace GptOss.CodeAssist.Assistant;

/// <summary>How long the model thinks before it answers.</summary>
public enum Effort
{
    Low,
    Medium,
    High,
}
