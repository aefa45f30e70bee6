namespace GptOss.CodeAssist.Protocol;

/// <summary>Entries for the editor's pop-up.</summary>
public sealed record CompletionList
{
    /// <summary>Whether typing on wants a new list.</summary>
    public required bool IsIncomplete { get; init; }
    public required IReadOnlyList<CompletionItem> Items { get; init; }
}
