using System.Buffers;
using System.Text;

namespace GptOss.CodeAssist.Assistant.Completion;

/// <summary>An answer while the model writes it: decides, piece by piece, where what is worth showing ends.</summary>
/// <remarks>Small models often do not stop by themselves, so every rule about an answer's end is kept here and none is left to the model.</remarks>
internal sealed class GrowingAnswer(CaretSite site, int maxLines)
{
    private static readonly string[] LeakedMarkup = ["<|", "```", "<fim_", "</s>", "// Path:"];

    private static readonly SearchValues<char> Punctuation = SearchValues.Create(" {}()[];,");

    private readonly StringBuilder _text = new();
    private double _logProbabilities;
    private int _tokens;

    /// <summary>What the model said, up to the decided end where there is one.</summary>
    public string Text => _text.ToString();

    /// <summary>Whether the end is decided, so that the model may be stopped.</summary>
    public bool IsDecided { get; private set; }

    /// <summary>Whether the last line may be unfinished: the model was stopped by a limit and not by a rule or by itself.</summary>
    public bool IsCutShort { get; private set; }

    /// <summary>Whether the answer's line ended with a line break that the model wrote.</summary>
    public bool EndedWithLineBreak { get; private set; }

    /// <summary>Why nothing of the answer is worth showing; null when something may be.</summary>
    public string? Refusal { get; private set; }

    /// <summary>The answer as it is decided.</summary>
    public DecidedText Decided => new(Text, Refusal, IsCutShort, EndedWithLineBreak);

    /// <summary>What the answer will be if it ends where it is now; null where it is likely to go on.</summary>
    public DecidedText? Supposed
    {
        get
        {
            var text = site.MayHaveSeveralLines ? WholeLines() : Text;
            return IsDecided || text.AsSpan().TrimEnd() is not [.., ';' or '}' or '{'] ? null : new DecidedText(text, null, IsCutShort: false, EndedWithLineBreak: !site.MayHaveSeveralLines);
        }
    }

    /// <summary>Geometric mean of the probabilities of the tokens so far, between 0 and 1; NaN where the engine does not tell them.</summary>
    public double Confidence => _tokens == 0 ? double.NaN : Math.Exp(_logProbabilities / _tokens);

    /// <summary>Takes what the model said next.</summary>
    /// <param name="logProbability">Natural logarithm of the token's probability; NaN where unknown.</param>
    public void Add(string piece, float logProbability)
    {
        _logProbabilities += logProbability;
        _tokens++;
        Add(piece);
    }

    /// <summary>Takes text that belongs to no token of its own.</summary>
    public void Add(string piece)
    {
        if (IsDecided)
        {
            return;
        }

        var before = _text.Length;
        _text.Append(piece.Replace("\r", "", StringComparison.Ordinal));
        if (_text.Length > before)
        {
            Decide();
        }
    }

    /// <summary>The model said its last.</summary>
    /// <param name="stoppedByItself">Whether it chose to end, and did not run into a limit.</param>
    public void End(bool stoppedByItself)
    {
        if (IsDecided)
        {
            return;
        }

        IsCutShort = !stoppedByItself;
        if (site.MayHaveSeveralLines)
        {
            // The end of the answer is the end of its last line.
            _text.Append('\n');
            DecideLines();
            if (!IsDecided)
            {
                _text.Length--;
            }
        }

        IsDecided = true;
    }

    private string WholeLines()
    {
        var text = Text;
        var end = text.LastIndexOf('\n');
        return end <= 0 ? "" : text[..end];
    }

    private void Decide()
    {
        var text = Text;
        foreach (var markup in LeakedMarkup)
        {
            var found = text.IndexOf(markup, StringComparison.Ordinal);
            if (found >= 0)
            {
                CutAt(found);
                return;
            }
        }

        if (Repetition.FindLoop(text) is { } loop)
        {
            // Whole lines before the loop may be good; a line that loops is not.
            var lineEnd = site.MayHaveSeveralLines ? text.LastIndexOf('\n', loop) : -1;
            Refusal = lineEnd > 0 ? null : "it repeats itself";
            CutAt(Math.Max(0, lineEnd));
            return;
        }

        if (!site.MayHaveSeveralLines)
        {
            DecideLine(text);
        }
        else if (text.Contains('\n'))
        {
            DecideLines();
        }
    }

    /// <summary>An answer that stays on its line ends with it.</summary>
    private void DecideLine(string text)
    {
        var lineEnd = text.IndexOf('\n');
        if (lineEnd >= 0)
        {
            EndedWithLineBreak = true;
            CutAt(lineEnd);
        }
    }

    /// <summary>Looks at the whole lines, the last of which may just have been finished, for the first at which the answer ends.</summary>
    private void DecideLines()
    {
        var text = Text;
        var scope = new LineScope(site);
        var seen = new List<string>();
        var start = 0;
        while (text.IndexOf('\n', start) is var end && end >= 0)
        {
            var line = text[start..end];
            var isFirst = start == 0;
            var full = isFirst ? site.LineBefore + line : line;
            var trimmed = full.Trim();
            if (trimmed.Length == 0)
            {
                if (seen.Count > 0 && scope.Depth == 0)
                {
                    // A blank line after whole statements ends a paragraph.
                    CutAt(start);
                    return;
                }
            }
            else if (scope.IsLeftBy(full) || IsSuffixOwnLine(full) || Repetition.IsRepeatedLine(trimmed, seen, site.LineAbove.Trim()))
            {
                Refusal = seen.Count > 0 ? null : IsSuffixOwnLine(full) ? "it repeats the next line" : "it repeats the line above or leaves the block";
                CutAt(start);
                return;
            }
            else
            {
                scope.Take(full);
                seen.Add(trimmed);
                if (seen.Count == maxLines || scope.IsStatementWhole(text.AsSpan(end + 1)))
                {
                    CutAt(end);
                    return;
                }
            }

            start = end + 1;
        }
    }

    private bool IsSuffixOwnLine(string line)
    {
        var below = site.LineBelow;
        if (below.Length == 0 || line.Trim() != below.Trim())
        {
            return false;
        }

        // A closing brace is the suffix's own only at its own indentation: blocks inside the answer close too.
        var onlyPunctuation = below.AsSpan().IndexOfAnyExcept(Punctuation) < 0;
        return !onlyPunctuation || LineScope.Indentation(line) <= LineScope.Indentation(below);
    }

    private void CutAt(int length)
    {
        _text.Length = length;
        IsDecided = true;
    }
}
