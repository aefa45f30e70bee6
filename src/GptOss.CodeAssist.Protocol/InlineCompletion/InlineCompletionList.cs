namespace GptOss.CodeAssist.Protocol;

/// <summary>The answers, best first.</summary>
public sealed record InlineCompletionList
{
    public required IReadOnlyList<InlineCompletionItem> Items { get; init; }
}
