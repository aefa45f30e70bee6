using System.Collections.Immutable;
using Microsoft.CodeAnalysis.Text;

namespace GptOss.CodeAssist.Assistant.CodeActions;

/// <summary>Where actions are to be listed.</summary>
/// <param name="Span">The caret or the selection.</param>
public sealed record CodeActionPlace(DocumentSnapshot Document, TextSpan Span)
{
    /// <summary>Problems that the editor knows of in the span.</summary>
    public ImmutableArray<CodeProblem> Problems { get; init; } = [];

    /// <summary>Whether a person asked, and not the editor by itself because the caret has moved.</summary>
    public bool IsInvoked { get; init; }
}
