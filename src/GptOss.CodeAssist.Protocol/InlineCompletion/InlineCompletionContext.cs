namespace GptOss.CodeAssist.Protocol;

/// <summary>Who asks, and what the editor shows already.</summary>
public sealed record InlineCompletionContext
{
    public required InlineCompletionTriggerKind TriggerKind { get; init; }
    public SelectedCompletionInfo? SelectedCompletionInfo { get; init; }
}
