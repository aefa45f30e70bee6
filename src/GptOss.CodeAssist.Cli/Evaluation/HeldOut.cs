using Microsoft.CodeAnalysis.Text;

namespace GptOss.CodeAssist.Cli.Evaluation;

/// <summary>A piece of real code that was taken out of its file, for a model to write again.</summary>
/// <param name="Path">Full path of the file.</param>
/// <param name="Original">The file as it is.</param>
/// <param name="Span">What was taken out of <paramref name="Original"/>; the caret stands at its start.</param>
internal sealed record HeldOut(string Path, SourceText Original, TextSpan Span)
{
    /// <summary>The file without the piece.</summary>
    public SourceText Text { get; } = Original.Replace(Span, "");

    public string Expected { get; } = Original.ToString(Span);
}
