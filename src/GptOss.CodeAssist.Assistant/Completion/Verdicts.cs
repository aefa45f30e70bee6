namespace GptOss.CodeAssist.Assistant.Completion;

/// <summary>
/// What the compiler says to the answers of one order, each asked once: beside the model that is still writing, whenever the answer may
/// have come to its end, at the moment when a person has waited long enough, and at the end.
/// </summary>
/// <remarks>Of the texts that wait while the model writes only the newest is judged, one at a time. May be called from any thread.</remarks>
/// <param name="judge">The second argument is the geometric mean of the probabilities of the answer's tokens.</param>
internal sealed class Verdicts(Func<FittedAnswer, bool, double, Verdict> judge)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<(FittedAnswer Answer, bool MayBeHeader), Task<Verdict>> _begun = [];
    private (FittedAnswer Answer, bool MayBeHeader, double Confidence, Action<Verdict> Told)? _next;
    private bool _isBusy;

    /// <summary>The answer may end here.</summary>
    /// <param name="mayBeHeader">Whether the model would have gone on with a body on the next line.</param>
    /// <param name="confidence">Geometric mean of the probabilities of the tokens so far.</param>
    /// <param name="told">Told what the verdict is, where the text is judged.</param>
    public void Suppose(FittedAnswer answer, bool mayBeHeader, double confidence, Action<Verdict> told)
    {
        lock (_lock)
        {
            _next = (answer, mayBeHeader, confidence, told);
            if (!_isBusy)
            {
                BeginNext();
            }
        }
    }

    /// <summary>The verdict on an answer that is shown if it can be.</summary>
    public Task<Verdict> GetAsync(FittedAnswer answer, bool mayBeHeader, double confidence)
    {
        lock (_lock)
        {
            _next = null;
            return Begin(answer, mayBeHeader, confidence);
        }
    }

    /// <remarks>Call with the lock held.</remarks>
    private Task<Verdict> Begin(FittedAnswer answer, bool mayBeHeader, double confidence)
    {
        if (!_begun.TryGetValue((answer, mayBeHeader), out var verdict))
        {
            verdict = Task.Run(() => judge(answer, mayBeHeader, confidence));
            _begun.Add((answer, mayBeHeader), verdict);
        }

        return verdict;
    }

    /// <remarks>Call with the lock held.</remarks>
    private void BeginNext()
    {
        _isBusy = _next is not null;
        if (_next is not var (answer, mayBeHeader, confidence, told))
        {
            return;
        }

        _next = null;
        _ = GoOnAsync(Begin(answer, mayBeHeader, confidence), told);
    }

    private async Task GoOnAsync(Task<Verdict> verdict, Action<Verdict> told)
    {
        // Whoever wants this verdict hears what went wrong; nobody else needs to.
        await ((Task)verdict).ConfigureAwait(ConfigureAwaitOptions.ForceYielding | ConfigureAwaitOptions.SuppressThrowing);
        _ = verdict.Exception;
        if (verdict.IsCompletedSuccessfully)
        {
            told(await verdict);
        }

        lock (_lock)
        {
            BeginNext();
        }
    }
}
