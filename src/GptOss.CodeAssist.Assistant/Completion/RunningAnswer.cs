using GptOss.CodeAssist.Inference;

namespace GptOss.CodeAssist.Assistant.Completion;

/// <summary>
/// An answer that a model is writing, apart from the request that began it: an editor cancels that request with the next keystroke,
/// and when the keystroke is what the model is about to say, the next request takes the answer over.
/// </summary>
/// <remarks>May be called from any thread.</remarks>
internal sealed class RunningAnswer : IDisposable
{
    /// <summary>How long an answer goes on that nobody waits for: an editor's next request comes this soon or not at all.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromMilliseconds(750);

    /// <summary>Most UTF-16 units by which typing may be ahead of the model.</summary>
    private const int MaxUnsaid = 12;

    private readonly Lock _lock = new();
    private readonly CancellationTokenSource _stop;
    private readonly Func<string, string> _preview;
    private string _said = "";
    private GenerationUsage? _usage;
    private string _text = "";
    private string _typed = "";
    private int _waiting;
    private bool _isOver;
    private bool _isStopped;
    private TaskCompletionSource _grown = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private RunningAnswer(CaretKey key, TimeProvider time, Func<string, string> preview)
    {
        Key = key;
        _preview = preview;
        _stop = new CancellationTokenSource(Timeout.InfiniteTimeSpan, time);
    }

    public CaretKey Key { get; }

    /// <summary>Cancelled when nobody wants the answer any more.</summary>
    public Task<WrittenAnswer> Answer { get; private set; } = Task.FromCanceled<WrittenAnswer>(new CancellationToken(true));

    /// <summary>Begins an answer on a thread of its own, with nobody waiting for it.</summary>
    /// <param name="preview">What the model said so far, as it would stand in the file.</param>
    /// <param name="write">Writes the answer; tells what the model has said so far, and what that cost.</param>
    public static RunningAnswer Start(CaretKey key, TimeProvider time, Func<string, string> preview, Func<Action<string, GenerationUsage>, CancellationToken, Task<WrittenAnswer>> write)
    {
        var running = new RunningAnswer(key, time, preview);
        var stopping = running._stop.Token;
        running.Answer = Task.Run(
            async () =>
            {
                try
                {
                    return await write(running.Report, stopping);
                }
                finally
                {
                    running.Dispose();
                }
            },
            CancellationToken.None);

        // Nobody may be waiting when it fails; whoever asks next finds out for themselves.
        _ = running.Answer.ContinueWith(static task => task.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
        return running;
    }

    /// <summary>Waits for the answer with those who wait already, if it may serve a request at <paramref name="now"/>: what was typed since is, or may become, what the model says.</summary>
    public bool TryJoin(CaretKey now)
    {
        lock (_lock)
        {
            if (FindJoinable(now) is not { } typed)
            {
                return false;
            }

            _typed = typed;
            _waiting++;
            _stop.CancelAfter(Timeout.InfiniteTimeSpan);
            return true;
        }
    }

    /// <summary>Whether <see cref="TryJoin"/> would succeed now.</summary>
    public bool MayServe(CaretKey now)
    {
        lock (_lock)
        {
            return FindJoinable(now) is not null;
        }
    }

    /// <summary>What the model said so far, and what that cost; null where it said nothing yet.</summary>
    public (string Text, GenerationUsage? Usage) Said
    {
        get
        {
            lock (_lock)
            {
                return (_said, _usage);
            }
        }
    }

    /// <summary>Ends when the model has said more than it has now.</summary>
    public Task Grown
    {
        get
        {
            lock (_lock)
            {
                return _grown.Task;
            }
        }
    }

    /// <summary>A request that had joined waits no longer.</summary>
    /// <param name="isWanted">Whether the answer is to be finished although nobody waits.</param>
    public void Leave(bool isWanted)
    {
        lock (_lock)
        {
            if (--_waiting == 0 && !_isOver && !isWanted)
            {
                _stop.CancelAfter(Grace);
            }
        }
    }

    /// <summary>Stops the model.</summary>
    public void Stop()
    {
        lock (_lock)
        {
            if (!_isOver)
            {
                // Not here and now: what hears of it may ask this object again.
                _isStopped = true;
                _ = _stop.CancelAsync();
            }
        }
    }

    /// <summary>The text has grown; the model is stopped when it and what was typed part ways.</summary>
    private void Report(string said, GenerationUsage usage)
    {
        var text = _preview(said);
        lock (_lock)
        {
            (_said, _usage, _text) = (said, usage, text);
            _grown.SetResult();
            _grown = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            if (!_isOver && !Agrees(text, _typed))
            {
                _isStopped = true;
                _ = _stop.CancelAsync();
            }
        }
    }

    /// <summary>The answer does this itself when it ends.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            _isOver = true;
            _stop.Dispose();
        }
    }

    private string? FindJoinable(CaretKey now) => _isOver || _isStopped || _stop.IsCancellationRequested ? null : FindTyped(now);

    /// <summary>What was typed since the answer began, while the model has not said otherwise.</summary>
    private string? FindTyped(CaretKey now) =>
        now.FindAnyTyped(Key) is { } typed && Agrees(_text, typed) && IsWorthWaitingFor(typed.AsSpan(Math.Min(typed.Length, _text.Length))) ? typed : null;

    /// <param name="unsaid">What was typed and the model has not said yet: a little more of the same line it may still say, a new line is another question.</param>
    private static bool IsWorthWaitingFor(ReadOnlySpan<char> unsaid) => unsaid.Length <= MaxUnsaid && !unsaid.Contains('\n');

    private static bool Agrees(string text, string typed) =>
        text.StartsWith(typed, StringComparison.Ordinal) || typed.StartsWith(text, StringComparison.Ordinal);
}
