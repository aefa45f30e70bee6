using System.Diagnostics;

namespace GptOss.CodeAssist.Rpc;

/// <summary>A message on its way through the queue. Whoever answers first wins, so that there is exactly one reply.</summary>
internal sealed class PendingRequest<TResult> : PendingRequest
{
    private readonly TaskCompletionSource<TResult> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _cancellation;
    private readonly CancellationTokenRegistration _cancelled;
    private readonly Func<Func<CancellationToken, Task<TResult>>> _admit;
    private readonly Supersede<TResult>? _supersede;
    private readonly Action _answered;
    private readonly TimeProvider _time;
    private readonly long _received;
    private Func<CancellationToken, Task<TResult>>? _work;
    private int _isAnswered;

    public PendingRequest(
        RequestInfo info,
        Func<Func<CancellationToken, Task<TResult>>> admit,
        Supersede<TResult>? supersede,
        Action answered,
        TimeProvider time,
        CancellationToken lifetime,
        CancellationToken cancellationToken)
        : base(info)
    {
        _admit = admit;
        _supersede = supersede;
        _answered = answered;
        _time = time;
        _received = time.GetTimestamp();
        _cancellation = CancellationTokenSource.CreateLinkedTokenSource(lifetime, cancellationToken);

        // A read is answered as soon as it is cancelled, however long its work takes to notice.
        // A mutation is answered by its own end, so that the peer never believes undone what was done.
        _cancelled = info.Mode == RequestMode.Mutating ? default : _cancellation.Token.UnsafeRegister(_ => AnswerCancelled(), null);
    }

    public Task<TResult> Answer => _answer.Task;

    public override bool IsAnswered => Volatile.Read(ref _isAnswered) != 0;

    public override bool Admit()
    {
        Queued = _time.GetElapsedTime(_received);
        try
        {
            _work = _admit();
            return true;
        }
#pragma warning disable CA1031 // Whatever a handler throws is this one message's failure; the queue's consumer must live.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            AnswerFailed(failure);
            return false;
        }
    }

    public override async Task RunAsync()
    {
        Debug.Assert(_work is not null, "Admit comes first.");
        var started = _time.GetTimestamp();
        try
        {
            var result = await _work(_cancellation.Token);
            if (TryBecomeAnswered())
            {
                _answer.SetResult(result);
            }
        }
        catch (OperationCanceledException) when (_cancellation.IsCancellationRequested)
        {
            AnswerCancelled();
        }
#pragma warning disable CA1031 // As in Admit.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            AnswerFailed(failure);
        }

        Ran = _time.GetElapsedTime(started);
    }

    public override void Supersede()
    {
        if (_supersede is not null && TryBecomeAnswered())
        {
            Outcome = "superseded";
            _answer.SetResult(_supersede.Answer);
            _supersede.Happened?.Invoke();
            Cancel();
        }
    }

    public override void Refuse(RequestFailedException why) => AnswerFailed(why);

    public override void Dispose()
    {
        _cancelled.Dispose();
        _cancellation.Dispose();
    }

    private void AnswerCancelled()
    {
        if (TryBecomeAnswered())
        {
            Outcome = "cancelled";
            _answer.SetCanceled(_cancellation.Token);
        }
    }

    private void AnswerFailed(Exception failure)
    {
        var isAnswer = TryBecomeAnswered();
        if (failure is not RequestFailedException refusal)
        {
            // Logged even when the answer was given long ago: a cancelled work that fails is still a defect.
            UnexpectedFailure = failure;
            Outcome = $"failed ({failure.GetType().Name}: {failure.Message})";
        }
        else if (isAnswer)
        {
            Outcome = $"refused ({refusal.Code}: {refusal.Message})";
        }

        if (isAnswer)
        {
            _answer.SetException(failure);
        }
    }

    /// <summary>True once, for whoever answers; the queue's count is down before anybody sees the answer.</summary>
    private bool TryBecomeAnswered()
    {
        if (Interlocked.Exchange(ref _isAnswered, 1) != 0)
        {
            return false;
        }

        _answered();
        return true;
    }

    private void Cancel()
    {
        try
        {
            _cancellation.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // The work ended between the answer and here.
        }
    }
}
