namespace GptOss.CodeAssist.Protocol;

/// <summary>Inline completion is offered.</summary>
public sealed record InlineCompletionOptions
{
    public bool? WorkDoneProgress { get; init; }
}
