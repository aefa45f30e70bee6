namespace GptOss.CodeAssist.Inference.Llama.Decoding;

/// <summary>
/// Drafts the continuation of an answer from text that it is likely to repeat: finds where the last tokens occur in the source and
/// proposes what follows there (prompt-lookup decoding).
/// </summary>
/// <remarks>
/// The draft grows while the model agrees and shrinks when it does not; after repeated disagreement it pauses,
/// so that text without repetition costs next to nothing.
/// </remarks>
internal sealed class PromptLookup
{
    private const int KeyLength = 3;
    private const int FirstLength = 8;
    private const int MinLength = 4;

    private readonly int[] _source;
    private readonly Dictionary<(int, int, int), List<int>> _positions = [];
    private readonly int _maxLength;
    private int _cursor = -1;
    private int _length = FirstLength;
    private int _pause;
    private int _refusals;

    /// <param name="source">The tokens that the answer is likely to repeat.</param>
    /// <param name="maxLength">Most tokens in one draft.</param>
    public PromptLookup(int[] source, int maxLength)
    {
        _source = source;
        _maxLength = maxLength;
        for (var i = 0; i + KeyLength < source.Length; i++)
        {
            var key = (source[i], source[i + 1], source[i + 2]);
            if (!_positions.TryGetValue(key, out var positions))
            {
                _positions[key] = positions = [];
            }

            positions.Add(i + KeyLength);
        }
    }

    /// <summary>Appends a draft of what may follow <paramref name="history"/>; nothing when there is no good guess.</summary>
    public void Draft(ReadOnlySpan<int> history, int limit, List<int> draft)
    {
        if (_pause > 0)
        {
            _pause--;
            return;
        }

        _cursor = FindContinuation(history);
        if (_cursor < 0)
        {
            return;
        }

        var count = Math.Min(Math.Min(_length, limit), _source.Length - _cursor);
        for (var i = 0; i < count; i++)
        {
            draft.Add(_source[_cursor + i]);
        }
    }

    /// <summary>Learns how many of the drafted tokens the model agreed with.</summary>
    public void Learn(int drafted, int accepted)
    {
        if (drafted == 0)
        {
            return;
        }

        _cursor += accepted;
        if (accepted == drafted)
        {
            _length = Math.Min(_length * 2, _maxLength);
            _refusals = 0;
        }
        else if (accepted * 2 < drafted)
        {
            _length = Math.Max(_length / 2, MinLength);
        }

        if (accepted == 0)
        {
            _refusals++;
            _pause = Math.Min(1 << Math.Min(_refusals, 5), 32) - 1;
        }
        else
        {
            _refusals = 0;
        }
    }

    /// <summary>
    /// The source position that follows the longest match of the history's end; of equally long ones the first after the last used place,
    /// because an edit repeats its input in order.
    /// </summary>
    private int FindContinuation(ReadOnlySpan<int> history)
    {
        if (history.Length < KeyLength || !_positions.TryGetValue((history[^3], history[^2], history[^1]), out var positions))
        {
            return -1;
        }

        var (best, bestLength) = (-1, 0);
        foreach (var position in positions)
        {
            var length = CountMatch(history, position);
            var isNearer = length == bestLength && best < _cursor && position >= _cursor;
            if (length > bestLength || isNearer)
            {
                (best, bestLength) = (position, length);
            }
        }

        return best;
    }

    private int CountMatch(ReadOnlySpan<int> history, int position)
    {
        const int Longest = 32;
        var length = 0;
        while (length < Longest && length < history.Length && length < position && history[^(length + 1)] == _source[position - length - 1])
        {
            length++;
        }

        return length;
    }
}
