namespace GptOss.CodeAssist.Assistant.Completion;

/// <summary>Follows an answer's lines through brackets and indentation, to see where the block that the caret stands in ends.</summary>
internal sealed class LineScope(CaretSite site)
{
    private static readonly string[] Continuations = ["else", "catch", "finally", "while (", ".", "&&", "||", "?", ":", "??", "and ", "or "];

    private int? _indentation;
    private bool _closesBlock;

    /// <summary>Brackets that the answer opened and has not closed.</summary>
    public int Depth { get; private set; }

    /// <summary>Columns of white space before a line's text, in the model's style.</summary>
    public static int Indentation(string line) => line.Length - line.TrimStart(' ').Length;

    /// <summary>Whether a line stands outside the block: it closes a bracket that the answer did not open, or is indented less than the answer began.</summary>
    public bool IsLeftBy(string line)
    {
        if (_indentation is null)
        {
            // The first line may only close the block that the caret stands in, which the suffix does already.
            return line.TrimStart().StartsWith('}') && site.LineBelow.TrimStart().StartsWith('}');
        }

        if (Depth > 0)
        {
            return false;
        }

        var closes = line.TrimStart() is ['}' or ')' or ']', ..];
        return closes || Indentation(line) < _indentation;
    }

    public void Take(string line)
    {
        _indentation ??= Indentation(line);
        _closesBlock = false;
        foreach (var bracket in Brackets.Of(line))
        {
            _closesBlock = bracket == '}' && Depth > 0;
            Depth += bracket is '{' or '(' or '[' ? 1 : -1;
        }

        Depth = Math.Max(0, Depth);
    }

    /// <summary>
    /// Whether the lines so far are one statement with a block that is closed now and does not go on, so that the answer is whole.
    /// Waits until the next line shows its first word.
    /// </summary>
    /// <param name="rest">The text after the last whole line.</param>
    public bool IsStatementWhole(ReadOnlySpan<char> rest)
    {
        if (!_closesBlock || Depth > 0)
        {
            return false;
        }

        var next = rest.TrimStart(" \n");
        var isCertain = next.Length >= 8 || next.Contains('\n');
        if (!isCertain)
        {
            return false;
        }

        foreach (var continuation in Continuations)
        {
            if (next.StartsWith(continuation, StringComparison.Ordinal))
            {
                return false;
            }
        }

        return true;
    }
}
