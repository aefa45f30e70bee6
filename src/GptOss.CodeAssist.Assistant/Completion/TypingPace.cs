namespace GptOss.CodeAssist.Assistant.Completion;

/// <summary>How fast a person types, and so how long to wait for the next key before a model is asked.</summary>
/// <remarks>
/// Waits only within a burst of keys, and never where the model itself takes that long: a key that comes meanwhile then finds the model at work,
/// which is as good (the rule of Tabby's completion debouncer, with shorter limits because nothing is sent anywhere). May be called from any thread.
/// </remarks>
internal sealed class TypingPace(TimeProvider time)
{
    /// <summary>Longer gaps are pauses.</summary>
    private static readonly TimeSpan LongestGap = TimeSpan.FromMilliseconds(400);

    private static readonly TimeSpan LongestDelay = TimeSpan.FromMilliseconds(200);

    /// <summary>Keys in a burst before it counts as one.</summary>
    private const int FewestGaps = 3;

    private const int MostGaps = 20;
    private const int MostAnswers = 10;

    private readonly Lock _lock = new();
    private readonly Queue<double> _gaps = new();
    private readonly Queue<double> _answers = new();
    private string _path = "";
    private long? _last;

    /// <summary>The editor asked because somebody typed; returns how long to wait before the model is asked.</summary>
    /// <param name="path">The document.</param>
    /// <param name="afterWord">Whether the caret stands right after a letter or a digit: then more of the word is likely to come.</param>
    /// <param name="waited">How long ago the document changed: editors wait too.</param>
    public TimeSpan Record(string path, bool afterWord, TimeSpan waited)
    {
        lock (_lock)
        {
            var now = time.GetTimestamp();
            var gap = _path == path && _last is { } last ? time.GetElapsedTime(last, now) : TimeSpan.MaxValue;
            (_path, _last) = (path, now);
            if (gap > LongestGap)
            {
                // After a pause nobody knows whether more keys come: the answer is begun at once.
                _gaps.Clear();
                return TimeSpan.Zero;
            }

            Keep(_gaps, gap.TotalMilliseconds, MostGaps);
            if (_gaps.Count < FewestGaps)
            {
                return TimeSpan.Zero;
            }

            var wanted = (_gaps.Average() * (afterWord ? 0.8 : 0.4)) - waited.TotalMilliseconds - (_answers.Count == 0 ? 0 : _answers.Average());
            return TimeSpan.FromMilliseconds(Math.Clamp(wanted, 0, LongestDelay.TotalMilliseconds));
        }
    }

    /// <summary>An answer took this long, from the question to the text.</summary>
    public void RecordAnswer(TimeSpan took)
    {
        lock (_lock)
        {
            Keep(_answers, took.TotalMilliseconds, MostAnswers);
        }
    }

    private static void Keep(Queue<double> values, double value, int most)
    {
        values.Enqueue(value);
        if (values.Count > most)
        {
            values.Dequeue();
        }
    }
}
