using System.Buffers;
using System.Collections.Immutable;
using Microsoft.CodeAnalysis.Text;

namespace GptOss.CodeAssist.Server;

/// <summary>Where the lines of a text start, by the protocol's rule: a line ends at <c>\n</c>, <c>\r\n</c> or <c>\r</c> and at nothing else.</summary>
/// <remarks>
/// Not <see cref="SourceText.Lines"/>: C# also breaks lines at U+0085, U+2028 and U+2029, so every position after one of these would be off by a line.
/// Built anew for each version of a document: scanning is some GB a second, a fraction of a millisecond for any file that completion works on.
/// </remarks>
internal sealed class LineIndex
{
    private static readonly SearchValues<char> LineBreaks = SearchValues.Create("\r\n");
    private readonly SourceText _text;
    private readonly ImmutableArray<int> _starts;

    public LineIndex(SourceText text)
    {
        _text = text;
        _starts = FindStarts(text);
    }

    /// <summary>At least 1: an empty text has one empty line.</summary>
    public int Count => _starts.Length;

    /// <summary>The line that holds <paramref name="offset"/>, zero-based.</summary>
    public int GetLine(int offset)
    {
        var found = _starts.AsSpan().BinarySearch(offset);
        return found >= 0 ? found : ~found - 1;
    }

    public int GetStart(int line) => _starts[line];

    /// <summary>The end of the line without its line break.</summary>
    public int GetEnd(int line)
    {
        if (line + 1 == _starts.Length)
        {
            return _text.Length;
        }

        var end = _starts[line + 1] - 1;
        return _text[end] == '\n' && end > _starts[line] && _text[end - 1] == '\r' ? end - 1 : end;
    }

    private static ImmutableArray<int> FindStarts(SourceText text)
    {
        var starts = ImmutableArray.CreateBuilder<int>();
        starts.Add(0);
        var buffer = ArrayPool<char>.Shared.Rent(16 * 1024);
        var afterReturn = false;
        for (var at = 0; at < text.Length; at += buffer.Length)
        {
            var count = Math.Min(buffer.Length, text.Length - at);
            text.CopyTo(at, buffer, 0, count);
            var chunk = buffer.AsSpan(0, count);

            // A line feed that completes a \r\n cut by the chunk's border moves the line's start, which was already noted.
            if (afterReturn && chunk[0] == '\n')
            {
                starts[^1] = at + 1;
            }

            var from = afterReturn && chunk[0] == '\n' ? 1 : 0;
            while (from < count && chunk[from..].IndexOfAny(LineBreaks) is >= 0 and var found)
            {
                var next = from + found + 1;
                if (chunk[next - 1] == '\r' && next < count && chunk[next] == '\n')
                {
                    next++;
                }

                starts.Add(at + next);
                from = next;
            }

            afterReturn = chunk[^1] == '\r';
        }

        ArrayPool<char>.Shared.Return(buffer);
        return starts.DrainToImmutable();
    }
}
