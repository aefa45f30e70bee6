using System.Collections.Immutable;
using Microsoft.CodeAnalysis.Text;

namespace GptOss.CodeAssist.Assistant.CodeActions;

/// <summary>One action to compute.</summary>
public sealed record CodeActionRequest(DocumentSnapshot Document, TextSpan Span, CodeActionKind Kind)
{
    /// <summary>What to fix: needed for <see cref="CodeActionKind.Fix"/>; the compiler's first problem in the span where it is missing.</summary>
    public CodeProblem? Problem { get; init; }

    /// <summary>What to do: needed for <see cref="CodeActionKind.Edit"/>.</summary>
    public string? Instruction { get; init; }

    /// <summary>Null takes what the prompt file says.</summary>
    public Effort? Effort { get; init; }

    /// <summary>Other open documents, newer than the solution's files.</summary>
    public ImmutableArray<DocumentSnapshot> OpenDocuments { get; init; } = [];
}
