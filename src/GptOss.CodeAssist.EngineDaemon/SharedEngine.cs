using System.Runtime.CompilerServices;
using GptOss.CodeAssist.EngineDaemon.Client;
using GptOss.CodeAssist.Inference;
using Microsoft.Extensions.Logging;

namespace GptOss.CodeAssist.EngineDaemon;

/// <summary>The engine in the process that all editors of this user share.</summary>
/// <remarks>
/// <see cref="Start"/> returns at once; the process is found or started in the background, and found or started again when it is lost.
/// Requests wait for it. What was being answered when it was lost fails with <see cref="InferenceError.EngineLost"/>.
/// </remarks>
public sealed class SharedEngine : IInferenceEngine
{
    private const string Lost = "The engine process ended unexpectedly; another is being started.";

    /// <summary>How often requests may make a failed client look again.</summary>
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(1);

    private readonly EngineConnector _connector;
    private readonly ILogger _logger;
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _closing = new();
    private readonly Lock _lock = new();
    private readonly SemaphoreSlim _wanted = new(0);
    private readonly Task _running;
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private EngineStatus _status = new EngineStatus.Loading(0);
    private EngineConnection? _connection;
    private int _disposed;

    private SharedEngine(SharedEngineOptions options, ILogger logger, TimeProvider time)
    {
        _logger = logger;
        _time = time;
        _connector = new EngineConnector(options, logger, time);
        _running = Task.Run(() => RunAsync(_closing.Token));
    }

    public EngineStatus Status => Volatile.Read(ref _status);

    public event Action<EngineStatus>? StatusChanged;

    /// <summary>Begins to look for the engine and returns at once.</summary>
    public static SharedEngine Start(SharedEngineOptions options, ILogger logger, TimeProvider time) => new(options, logger, time);

    public async Task<ModelDescription> WaitForModelAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var changed = Volatile.Read(ref _changed).Task;
            switch (Status)
            {
                case EngineStatus.Ready ready:
                    return ready.Model;
                case EngineStatus.Failed failed:
                    throw new InferenceException(failed.Error, failed.Reason);
            }

            await changed.WaitAsync(cancellationToken);
        }
    }

    public async ValueTask<int> CountTokensAsync(string text, CancellationToken cancellationToken) =>
        await (await WaitForConnectionAsync(cancellationToken)).CountTokensAsync(text, cancellationToken);

    public async IAsyncEnumerable<GenerationEvent> GenerateAsync(GenerationRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var connection = await WaitForConnectionAsync(cancellationToken);
        await foreach (var happened in connection.GenerateAsync(request, cancellationToken))
        {
            yield return happened;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
        {
            return;
        }

        await _closing.CancelAsync();
        await _running;
        _closing.Dispose();
        _wanted.Dispose();
    }

    private async Task<EngineConnection> WaitForConnectionAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var changed = Volatile.Read(ref _changed).Task;
            if (Volatile.Read(ref _connection) is { } connection)
            {
                return connection;
            }

            ObjectDisposedException.ThrowIf(_running.IsCompleted, this);
            if (Status is EngineStatus.Failed failed)
            {
                Wake();
                throw new InferenceException(failed.Error, failed.Reason);
            }

            await changed.WaitAsync(cancellationToken);
        }
    }

    private async Task RunAsync(CancellationToken closing)
    {
        var mayStart = true;
        try
        {
            while (true)
            {
                try
                {
                    var connection = await _connector.ConnectAsync(mayStart, why => Change(new EngineStatus.Restarting(why)), closing);
                    mayStart = await ServeAsync(connection, closing);
                    if (!mayStart)
                    {
                        await WaitUntilWantedAsync(closing);
                    }
                }
                catch (EngineLostAtStartException lost)
                {
                    _logger.LogWarning("{Message}", lost.Message);
                    Change(new EngineStatus.Restarting(Lost));
                }
                catch (EngineRefusedException refused)
                {
                    Change(new EngineStatus.Failed(InferenceError.Unavailable, refused.Message));
                    await WaitUntilWantedAsync(closing);
                }
            }
        }
        catch (OperationCanceledException) when (closing.IsCancellationRequested)
        {
            Change(new EngineStatus.Failed(InferenceError.Unavailable, "The engine is closed."));
        }
#pragma warning disable CA1031 // The loop's last stop: whatever went wrong becomes a status and the answer to every request.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            _logger.LogError(exception, "The shared engine's client failed.");
            Change(new EngineStatus.Failed(InferenceError.Unavailable, $"The shared engine cannot be used: {exception.Message} Use --engine embedded to do without it."));
        }
    }

    /// <summary>Uses a connection until it ends. False when the engine was stopped on purpose.</summary>
    private async Task<bool> ServeAsync(Stream stream, CancellationToken closing)
    {
        await using var connection = new EngineConnection(stream, Change);
        await using var close = closing.UnsafeRegister(_ => _ = connection.DisposeAsync().AsTask(), null);
        var running = connection.RunAsync();
        Connect(connection);
        var farewell = await running;
        closing.ThrowIfCancellationRequested();
        _logger.LogWarning("{Message}", farewell ?? Lost);
        Connect(null);
        Change(farewell is null ? new EngineStatus.Restarting(Lost) : new EngineStatus.Failed(InferenceError.Unavailable, farewell));
        return farewell is null;
    }

    private async Task WaitUntilWantedAsync(CancellationToken closing)
    {
        await Task.Delay(LookAgain, _time, closing);
        while (_wanted.CurrentCount > 0)
        {
            await _wanted.WaitAsync(closing);
        }

        await _wanted.WaitAsync(closing);
    }

    private void Wake()
    {
        if (_wanted.CurrentCount == 0)
        {
            _wanted.Release();
        }
    }

    private void Connect(EngineConnection? connection)
    {
        Volatile.Write(ref _connection, connection);
        Announce();
    }

    private void Change(EngineStatus status)
    {
        if (status != Status)
        {
            Volatile.Write(ref _status, status);
            Announce();
            StatusChanged?.Invoke(status);
        }
    }

    private void Announce()
    {
        lock (_lock)
        {
            var changed = _changed;
            _changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            changed.SetResult();
        }
    }
}
