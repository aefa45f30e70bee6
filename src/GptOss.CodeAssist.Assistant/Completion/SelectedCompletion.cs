using Microsoft.CodeAnalysis.Text;

namespace GptOss.CodeAssist.Assistant.Completion;

/// <summary>The pop-up's selected entry: <paramref name="Text"/> would replace <paramref name="Span"/>.</summary>
public sealed record SelectedCompletion(TextSpan Span, string Text);
