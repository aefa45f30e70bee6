using System.Buffers;
using Microsoft.CodeAnalysis.Text;

namespace GptOss.CodeAssist.Assistant.Completion;

/// <summary>What stands around a caret, as far as it decides what may be shown there. Texts are in the model's style: LF, spaces.</summary>
internal sealed record CaretSite
{
    private static readonly SearchValues<char> Closers = SearchValues.Create(")]}>\"';, ");

    /// <summary>Longest part of a line that is looked at; minified files have lines of megabytes.</summary>
    private const int MaxLineCharacters = 2_000;

    /// <summary>Neighbouring lines that are looked at for one that is not blank.</summary>
    private const int LinesSeen = 20;

    public required SourceText Text { get; init; }

    /// <summary>The caret in <see cref="Text"/>.</summary>
    public required int Offset { get; init; }

    public required SourceStyle Style { get; init; }

    /// <summary>The caret's line up to the caret.</summary>
    public required string LineBefore { get; init; }

    /// <summary>The caret's line from the caret on, trailing white space removed.</summary>
    public required string LineAfter { get; init; }

    /// <summary>The nearest line above that is not blank; empty where there is none.</summary>
    public required string LineAbove { get; init; }

    /// <summary>The nearest line below that is not blank; empty where there is none.</summary>
    public required string LineBelow { get; init; }

    /// <summary>Whether only white space stands before the caret on its line and nothing after it, so that an answer may have several lines.</summary>
    public bool MayHaveSeveralLines => string.IsNullOrWhiteSpace(LineBefore) && LineAfter.Length == 0;

    /// <summary>
    /// Whether what follows on the line is only what editors insert by themselves: closing brackets, quotes and terminators.
    /// It is then not shown to the model, so that typing an opening bracket does not change the text after the caret.
    /// </summary>
    public bool OnlyClosersFollow => LineAfter.Length > 0 && LineAfter.AsSpan().IndexOfAnyExcept(Closers) < 0;

    /// <summary>Where the text begins that the model sees as what follows the caret.</summary>
    public int SuffixStart => OnlyClosersFollow || LineAfter.Length == 0 ? Text.Lines.GetLineFromPosition(Offset).End : Offset;

    public static CaretSite At(SourceText text, int offset)
    {
        var style = SourceStyle.Of(text, offset);
        var line = text.Lines.GetLineFromPosition(offset);
        // A caret between \r and \n belongs before both.
        offset = Math.Min(offset, line.End);
        var start = Math.Max(line.Start, offset - MaxLineCharacters);
        return new CaretSite
        {
            Text = text,
            Offset = offset,
            Style = style,
            LineBefore = style.ToModel(text.ToString(TextSpan.FromBounds(start, offset))),
            LineAfter = text.ToString(TextSpan.FromBounds(offset, Math.Min(line.End, offset + MaxLineCharacters))).TrimEnd(),
            LineAbove = FindLine(text, style, line.LineNumber, -1),
            LineBelow = FindLine(text, style, line.LineNumber, 1),
        };
    }

    private static string FindLine(SourceText text, SourceStyle style, int from, int step)
    {
        for (var number = from + step; number >= 0 && number < text.Lines.Count && Math.Abs(number - from) <= LinesSeen; number += step)
        {
            var line = text.Lines[number];
            var content = text.ToString(TextSpan.FromBounds(line.Start, Math.Min(line.End, line.Start + MaxLineCharacters)));
            if (!string.IsNullOrWhiteSpace(content))
            {
                return style.ToModel(content).TrimEnd();
            }
        }

        return "";
    }
}
