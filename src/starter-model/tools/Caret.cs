using Microsoft.CodeAnalysis.CSharp;

namespace GptOss.CodeAssist.StarterModel;

/// <summary>A place in a held-out file where the rest of the line is asked for.</summary>
/// <param name="Offset">The start of a token, in UTF-16 units.</param>
/// <param name="Expected">What stands there up to the end of the line, without white space at its end.</param>
internal sealed record Caret(CorpusFile File, int Offset, string Expected)
{
    /// <summary>Draws places at random, each token of each file as likely as any other; the same for the same seed.</summary>
    /// <param name="wholeLines">Only tokens that begin a line: the whole next line is asked for.</param>
    public static List<Caret> Draw(IReadOnlyList<CorpusFile> files, int count, int seed, bool wholeLines)
    {
        var starts = files.SelectMany(file => CSharpSyntaxTree.ParseText(file.Text).GetRoot().DescendantTokens()
            .Where(token => token.Span.Length > 0 && (!wholeLines || BeginsLine(file.Text, token.SpanStart)))
            .Select(token => (File: file, token.SpanStart))).ToList();
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => starts[random.Next(starts.Count)]).Select(start => new Caret(start.File, start.SpanStart, RestOfLine(start.File.Text, start.SpanStart).TrimEnd()))];
    }

    public int LineEnd => Offset + RestOfLine(File.Text, Offset).Length;

    private static bool BeginsLine(string text, int offset) => text.AsSpan(0, offset).TrimEnd(' ') is [] or [.., '\n'];

    private static string RestOfLine(string text, int offset)
    {
        var end = text.IndexOf('\n', offset);
        return text[offset..(end < 0 ? text.Length : end)];
    }
}
