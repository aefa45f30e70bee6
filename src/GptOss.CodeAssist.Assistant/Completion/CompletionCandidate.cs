using System.Collections.Immutable;
using Microsoft.CodeAnalysis.Text;

namespace GptOss.CodeAssist.Assistant.Completion;

/// <summary>One text to show: <paramref name="InsertText"/> would replace <paramref name="Span"/>, which lies on the caret's line.</summary>
/// <param name="Id">Names the candidate in the editor's feedback.</param>
public sealed record CompletionCandidate(string Id, string InsertText, TextSpan Span)
{
    /// <summary>Namespaces that the file does not import yet and the text needs; an editor that can adds them when the text is taken.</summary>
    public ImmutableArray<string> Usings { get; init; } = [];
}
