namespace GptOss.CodeAssist.Inference;

/// <summary>The search for an engine that lives elsewhere: one loop looks for it, and again whenever it was lost; requests wait for what it finds.</summary>
/// <typeparam name="T">What a request needs of an engine that was found.</typeparam>
/// <param name="look">The loop. It calls <see cref="Connect"/> and <see cref="Report"/>, and ends when it is cancelled.</param>
/// <param name="explain">Logs why the loop failed, and says it in one sentence for a person.</param>
/// <param name="time">The clock of <see cref="WaitUntilWantedAsync"/>.</param>
public sealed class EngineSearch<T>(Func<CancellationToken, Task> look, Func<Exception, string> explain, TimeProvider time) : IAsyncDisposable
    where T : class
{
    // Never disposed: it has no timer, and late requests may still ask it.
    private readonly CancellationTokenSource _closing = new();
    private readonly Lock _lock = new();
    private TaskCompletionSource _changed = NewSignal();
    private TaskCompletionSource _wanted = NewSignal();
    private EngineStatus _status = new EngineStatus.Loading(0);
    private T? _found;
    private Task _looking = Task.CompletedTask;

    public EngineStatus Status => Volatile.Read(ref _status);

    /// <summary>What was found; null while there is nothing.</summary>
    public T? Found => Volatile.Read(ref _found);

    /// <summary>Cancelled when the engine is closed.</summary>
    public CancellationToken Closing => _closing.Token;

    /// <inheritdoc cref="IInferenceEngine.StatusChanged"/>
    public event Action<EngineStatus>? StatusChanged;

    /// <summary>Begins to look and returns at once. Call it once.</summary>
    public void Start() => _looking = Task.Run(RunAsync);

    /// <summary>What requests are given from now on; null lets them wait.</summary>
    public void Connect(T? found)
    {
        Volatile.Write(ref _found, found);
        Announce();
    }

    /// <summary>Where the engine stands from now on.</summary>
    public void Report(EngineStatus status)
    {
        if (status == Status)
        {
            return;
        }

        Volatile.Write(ref _status, status);
        Announce();
        StatusChanged?.Invoke(status);
    }

    /// <summary>Waits for what is found.</summary>
    /// <exception cref="InferenceException">There is no engine; the loop hears that one is wanted.</exception>
    public Task<T> WaitAsync(CancellationToken cancellationToken) => WaitAsync(() => Found, cancellationToken);

    /// <summary>Waits until the engine says that its model is loaded.</summary>
    /// <exception cref="InferenceException">There is no engine; the loop hears that one is wanted.</exception>
    public Task<ModelDescription> WaitForModelAsync(CancellationToken cancellationToken) => WaitAsync(() => (Status as EngineStatus.Ready)?.Model, cancellationToken);

    /// <summary>For the loop, after a failure: waits until a request wants the engine.</summary>
    /// <param name="least">Waits so long at least, however many want it.</param>
    /// <param name="most">Waits no longer, even if nobody wants it; <see cref="Timeout.InfiniteTimeSpan"/> for no such limit.</param>
    public async Task WaitUntilWantedAsync(TimeSpan least, TimeSpan most, CancellationToken cancellationToken)
    {
        var wanted = NewSignal();
        Volatile.Write(ref _wanted, wanted);
        await Task.Delay(least, time, cancellationToken);
        await wanted.Task.WaitAsync(most == Timeout.InfiniteTimeSpan ? most : most - least, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        cancellationToken.ThrowIfCancellationRequested();
    }

    /// <summary>Ends the loop; whoever waits is told that the engine is closed.</summary>
    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync();
        await _looking;
    }

    private async Task RunAsync()
    {
        var end = "The engine is closed.";
        try
        {
            await look(Closing);
        }
        catch (OperationCanceledException) when (Closing.IsCancellationRequested)
        {
            // That is how it ends.
        }
#pragma warning disable CA1031 // The loop's last stop: whatever went wrong becomes a status and the answer to every request.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            end = explain(exception);
        }

        Connect(null);
        Report(new EngineStatus.Failed(InferenceError.Unavailable, end));
    }

    private async Task<TWanted> WaitAsync<TWanted>(Func<TWanted?> find, CancellationToken cancellationToken)
        where TWanted : class
    {
        while (true)
        {
            var changed = Volatile.Read(ref _changed).Task;
            if (find() is { } wanted)
            {
                return wanted;
            }

            if (Status is EngineStatus.Failed failed)
            {
                Volatile.Read(ref _wanted).TrySetResult();
                throw new InferenceException(failed.Error, failed.Reason);
            }

            await changed.WaitAsync(cancellationToken);
        }
    }

    private void Announce()
    {
        lock (_lock)
        {
            _changed.SetResult();
            _changed = NewSignal();
        }
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
