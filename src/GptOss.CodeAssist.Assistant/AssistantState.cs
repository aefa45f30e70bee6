namespace GptOss.CodeAssist.Assistant;

/// <summary>Whether the assistant can answer.</summary>
public enum AssistantState
{
    Loading,
    Ready,
    Failed,
}
