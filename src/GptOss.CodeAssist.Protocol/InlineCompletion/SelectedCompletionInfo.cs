namespace GptOss.CodeAssist.Protocol;

/// <summary>The entry selected in the editor's pop-up; answers must extend it.</summary>
public sealed record SelectedCompletionInfo
{
    public required TextRange Range { get; init; }
    public required string Text { get; init; }
}
