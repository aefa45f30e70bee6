namespace GptOss.CodeAssist.Protocol;

/// <summary>One text to show.</summary>
public sealed record InlineCompletionItem
{
    public required InsertText InsertText { get; init; }
    public string? FilterText { get; init; }

    /// <summary>What the text replaces; starts and ends on one line.</summary>
    public TextRange? Range { get; init; }

    /// <summary>Run after the text was inserted.</summary>
    public Command? Command { get; init; }
}
