using Microsoft.CodeAnalysis.Text;

namespace GptOss.CodeAssist.Assistant.Completion.Habits;

/// <summary>One text that was offered, under all the names that it had while a person typed through it.</summary>
/// <param name="Counts">The language and the model, with nothing counted.</param>
/// <param name="Path">The document.</param>
/// <param name="OfferedAt">The clock's timestamp.</param>
internal sealed record Suggestion(CompletionCounts Counts, string Path, long OfferedAt)
{
    /// <summary>What is offered now: the rest of it.</summary>
    public required string Text { get; set; }

    /// <summary>Where it would be inserted.</summary>
    public required TextSpan Span { get; set; }

    public bool WasShown { get; set; }

    public bool WasTaken { get; set; }

    /// <summary>UTF-16 units of its beginning that were taken.</summary>
    public int TakenLength { get; set; }
}
