namespace GptOss.CodeAssist.Assistant.Completion;

/// <summary>Stops one generation when a verdict on its beginning leaves nothing for the rest to change.</summary>
/// <param name="cancellationToken">Stops it too.</param>
internal sealed class EndingVerdict(CancellationToken cancellationToken) : IDisposable
{
    private readonly CancellationTokenSource _stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
    private readonly Lock _lock = new();
    private bool _isOver;

    /// <summary>The first final verdict; null while there is none.</summary>
    public Verdict? Verdict { get; private set; }

    /// <summary>Cancelled with the first final verdict.</summary>
    public CancellationToken Stopping => _stop.Token;

    /// <summary>A text with which the answer begins was judged. May be called from any thread, also when the generation is over.</summary>
    public void Hear(Verdict verdict)
    {
        lock (_lock)
        {
            if (!verdict.IsFinal || _isOver || Verdict is not null)
            {
                return;
            }

            Verdict = verdict;
            // Not here and now: what hears of it runs on this thread.
            _ = _stop.CancelAsync();
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _isOver = true;
            _stop.Dispose();
        }
    }
}
