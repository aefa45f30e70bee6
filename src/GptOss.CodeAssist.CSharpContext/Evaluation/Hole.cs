using Microsoft.CodeAnalysis.Text;

namespace GptOss.CodeAssist.CSharpContext.Evaluation;

/// <summary>A part of a real file that is taken out and asked for again.</summary>
/// <param name="Path">The file.</param>
/// <param name="Span">What is taken out.</param>
/// <param name="IsBody">Whether it is the inside of a member's body; else it is one statement.</param>
internal sealed record Hole(string Path, TextSpan Span, bool IsBody);
