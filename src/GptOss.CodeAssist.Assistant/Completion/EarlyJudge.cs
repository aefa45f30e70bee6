namespace GptOss.CodeAssist.Assistant.Completion;

/// <summary>Judges an answer beside the model that is still writing it, each time it may have come to its end, so that the verdict is there when the end is decided.</summary>
/// <remarks>One text is judged at a time, and of those that wait only the newest is. Belongs to one answer; may be called from any thread.</remarks>
internal sealed class EarlyJudge(Func<DecidedText, Verdict> judge)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<DecidedText, Task<Verdict>> _begun = [];
    private DecidedText? _next;
    private bool _isBusy;

    /// <summary>The answer may end here.</summary>
    public void Suppose(DecidedText text)
    {
        lock (_lock)
        {
            _next = text;
            if (!_isBusy)
            {
                _isBusy = true;
                BeginNext();
            }
        }
    }

    /// <summary>The verdict on what the answer is in the end.</summary>
    public async Task<Verdict> JudgeAsync(DecidedText text)
    {
        Task<Verdict>? begun;
        lock (_lock)
        {
            _next = null;
            begun = _begun.GetValueOrDefault(text);
        }

        return begun is null ? judge(text) : await begun;
    }

    /// <remarks>Call with the lock held.</remarks>
    private void BeginNext()
    {
        if (_next is not { } text || _begun.ContainsKey(text))
        {
            (_next, _isBusy) = (null, false);
            return;
        }

        _next = null;
        var verdict = Task.Run(() => judge(text));
        _begun[text] = verdict;
        _ = verdict.ContinueWith(
            task =>
            {
                // Whoever wants this verdict hears what went wrong; nobody else needs to.
                _ = task.Exception;
                lock (_lock)
                {
                    BeginNext();
                }
            },
            CancellationToken.None,
            TaskContinuationOptions.None,
            TaskScheduler.Default);
    }
}
