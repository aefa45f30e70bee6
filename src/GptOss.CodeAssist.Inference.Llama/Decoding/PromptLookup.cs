namespace GptOss.CodeAssist.Inference.Llama.Decoding;

/// <summary>
/// Drafts the continuation of an answer from text that it is likely to repeat: finds where the last tokens occur in the source and
/// proposes what follows there (prompt-lookup decoding).
/// </summary>
/// <remarks>
/// The longer the match, the likelier the draft; how likely is learnt from what the model accepted, and <see cref="BatchCosts"/> says what length that is worth.
/// </remarks>
internal sealed class PromptLookup
{
    private const int KeyLength = 3;
    private const int LongestMatch = 32;

    /// <summary>How many tokens the expectation of a match's length weighs, and how quickly what was learnt is forgotten.</summary>
    private const double ExpectationWeight = 4, Memory = 0.9;

    /// <summary>Matches that are shorter than this many tokens belong to one class, each with its own acceptance.</summary>
    private static readonly int[] MatchClasses = [5, 9, 17, int.MaxValue];

    private static readonly double[] ExpectedAcceptance = [0.6, 0.75, 0.9, 0.96];

    private readonly int[] _source;
    private readonly Dictionary<(int, int, int), List<int>> _positions = [];
    private readonly double[] _accepted = new double[MatchClasses.Length];
    private readonly double[] _judged = new double[MatchClasses.Length];
    private int _cursor = -1;
    private int _matchClass;

    /// <param name="source">The tokens that the answer is likely to repeat.</param>
    public PromptLookup(int[] source)
    {
        _source = source;
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

    /// <summary>Appends a draft of what may follow <paramref name="history"/>; nothing when there is no good guess, or none that pays.</summary>
    public void Draft(ReadOnlySpan<int> history, int limit, BatchCosts costs, List<int> draft)
    {
        var (position, match) = FindContinuation(history);
        if (position < 0)
        {
            return;
        }

        _cursor = position;
        _matchClass = 0;
        while (match >= MatchClasses[_matchClass])
        {
            _matchClass++;
        }

        draft.AddRange(_source.AsSpan(_cursor, costs.ChooseLength(Acceptance(_matchClass), Math.Min(limit, _source.Length - _cursor))));
    }

    /// <summary>Learns how many of the drafted tokens the model agreed with.</summary>
    public void Learn(int drafted, int accepted)
    {
        if (drafted == 0)
        {
            return;
        }

        _cursor += accepted;
        _accepted[_matchClass] = (_accepted[_matchClass] * Memory) + accepted;
        _judged[_matchClass] = (_judged[_matchClass] * Memory) + Math.Min(drafted, accepted + 1);
    }

    private double Acceptance(int matchClass) =>
        (_accepted[matchClass] + (ExpectationWeight * ExpectedAcceptance[matchClass])) / (_judged[matchClass] + ExpectationWeight);

    /// <summary>
    /// The source position that follows the longest match of the history's end; of equally long ones the first after the last used place,
    /// because an edit repeats its input in order.
    /// </summary>
    private (int Position, int Match) FindContinuation(ReadOnlySpan<int> history)
    {
        if (history.Length < KeyLength || !_positions.TryGetValue((history[^3], history[^2], history[^1]), out var positions))
        {
            return (-1, 0);
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

        return (best, bestLength);
    }

    private int CountMatch(ReadOnlySpan<int> history, int position)
    {
        var length = 0;
        while (length < LongestMatch && length < history.Length && length < position && history[^(length + 1)] == _source[position - length - 1])
        {
            length++;
        }

        return length;
    }
}
