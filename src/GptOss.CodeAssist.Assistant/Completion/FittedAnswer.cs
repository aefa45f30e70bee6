using System.Collections.Immutable;
using Microsoft.CodeAnalysis.Text;

namespace GptOss.CodeAssist.Assistant.Completion;

/// <summary>Text for the document in the document's own style, and what it replaces on the caret's line.</summary>
internal sealed record FittedAnswer(string InsertText, TextSpan Span)
{
    /// <summary>Namespaces that the file does not import yet and the text needs.</summary>
    public ImmutableArray<string> Usings { get; init; } = [];
}
