using Microsoft.CodeAnalysis.Text;

namespace GptOss.CodeAssist.Assistant.Completion;

/// <summary>One text to show: <paramref name="InsertText"/> would replace <paramref name="Span"/>, which lies on the caret's line.</summary>
/// <param name="Id">Names the candidate in the editor's feedback.</param>
public sealed record CompletionCandidate(string Id, string InsertText, TextSpan Span);
