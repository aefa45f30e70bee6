namespace GptOss.CodeAssist.EngineDaemon.Hosting;

/// <summary>Counts clients, and says when there have been none for long enough.</summary>
/// <remarks>Leaving is decided under the same lock as entering: a client that comes in the last moment either gets in or is told that it is too late.</remarks>
internal sealed class IdleWatch : IDisposable
{
    private readonly Lock _lock = new();
    private readonly TimeSpan _timeout;
    private readonly ITimer _timer;
    private readonly TaskCompletionSource _idle = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _clients;

    public IdleWatch(TimeSpan timeout, TimeProvider time)
    {
        _timeout = timeout;
        _timer = time.CreateTimer(_ => Expire(), null, timeout, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Completes when nobody has been there for the timeout; nobody gets in afterwards.</summary>
    public Task Idle => _idle.Task;

    public int Clients
    {
        get
        {
            lock (_lock)
            {
                return _clients;
            }
        }
    }

    /// <summary>False when it is too late.</summary>
    public bool TryEnter()
    {
        lock (_lock)
        {
            if (_idle.Task.IsCompleted)
            {
                return false;
            }

            _clients++;
            _timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            return true;
        }
    }

    public void Leave()
    {
        lock (_lock)
        {
            if (--_clients == 0)
            {
                _timer.Change(_timeout, Timeout.InfiniteTimeSpan);
            }
        }
    }

    public void Dispose() => _timer.Dispose();

    private void Expire()
    {
        lock (_lock)
        {
            // The timer may have fired while somebody came in.
            if (_clients == 0)
            {
                _idle.TrySetResult();
            }
        }
    }
}
