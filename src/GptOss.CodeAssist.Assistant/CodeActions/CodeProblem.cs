using Microsoft.CodeAnalysis.Text;

namespace GptOss.CodeAssist.Assistant.CodeActions;

/// <summary>An error or warning in a document, from whoever found it.</summary>
public sealed record CodeProblem(string Id, string Message, TextSpan Span);
