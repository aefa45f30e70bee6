namespace GptOss.CodeAssist.Protocol;

/// <summary>An entry of the editor's pop-up.</summary>
public sealed record CompletionItem
{
    public required string Label { get; init; }

    /// <summary>1 text, 15 snippet.</summary>
    public int? Kind { get; init; }
    public string? Detail { get; init; }
    public MarkupContent? Documentation { get; init; }
    public string? SortText { get; init; }

    /// <summary>What the text before the caret is compared with; it begins with that text.</summary>
    public string? FilterText { get; init; }

    /// <summary>1 plain text.</summary>
    public int? InsertTextFormat { get; init; }

    /// <summary>1 as it is, with its own indentation.</summary>
    public int? InsertTextMode { get; init; }
    public TextEdit? TextEdit { get; init; }

    /// <summary>Changes elsewhere in the document that go with it.</summary>
    public IReadOnlyList<TextEdit>? AdditionalTextEdits { get; init; }
    public Command? Command { get; init; }
}
