using GptOss.CodeAssist.Inference;

namespace GptOss.CodeAssist.Assistant.Completion;

/// <summary>How fast the model reads and writes on this machine, and so how long prompts and answers may be.</summary>
/// <remarks>
/// Limits move in halves and only when they are clearly wrong, because every change of a prompt's length costs a whole evaluation.
/// May be called from any thread.
/// </remarks>
internal sealed class ModelSpeed
{
    /// <summary>Shorter evaluations measure overheads, not speed.</summary>
    private const int FewestTokens = 64;

    private const int MostHalvings = 3;

    /// <summary>How long reading a whole prompt may take.</summary>
    private static readonly TimeSpan LongestRead = TimeSpan.FromSeconds(1.5);

    /// <summary>How long writing an answer may take.</summary>
    private static readonly TimeSpan LongestWrite = TimeSpan.FromSeconds(3);

    private readonly Lock _lock = new();
    private double _reads;
    private double _writes;
    private int _halvings;

    public void Record(GenerationUsage usage)
    {
        lock (_lock)
        {
            var reading = (usage.FirstToken - usage.Queued).TotalSeconds;
            if (usage.EvaluatedTokens >= FewestTokens && reading > 0)
            {
                _reads = Blend(_reads, usage.EvaluatedTokens / reading);
            }

            if (usage.GeneratedTokens >= 8 && usage.Decode > TimeSpan.Zero)
            {
                _writes = Blend(_writes, usage.GeneratedTokens / usage.Decode.TotalSeconds);
            }
        }
    }

    /// <summary>The most tokens of a prompt part that is <paramref name="usual"/> long on a fast machine.</summary>
    /// <param name="usual">Tokens.</param>
    /// <param name="wholePrompt">Tokens of the whole prompt on a fast machine.</param>
    public int LimitPrompt(int usual, int wholePrompt)
    {
        lock (_lock)
        {
            if (_reads > 0)
            {
                var affordable = _reads * LongestRead.TotalSeconds;
                while (_halvings < MostHalvings && wholePrompt >> _halvings > affordable * 1.2)
                {
                    _halvings++;
                }

                while (_halvings > 0 && wholePrompt >> (_halvings - 1) < affordable * 0.8)
                {
                    _halvings--;
                }
            }

            return Math.Max(Math.Min(usual, FewestTokens), usual >> _halvings);
        }
    }

    /// <summary>The most tokens of an answer that is at most <paramref name="usual"/> long on a fast machine.</summary>
    public int LimitAnswer(int usual)
    {
        lock (_lock)
        {
            return _writes == 0 ? usual : (int)Math.Clamp(_writes * LongestWrite.TotalSeconds, Math.Min(usual, 16), usual);
        }
    }

    private static double Blend(double known, double measured) => known == 0 ? measured : (known * 0.7) + (measured * 0.3);
}
