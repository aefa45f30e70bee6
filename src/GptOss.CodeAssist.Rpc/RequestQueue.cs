using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;

namespace GptOss.CodeAssist.Rpc;

/// <summary>The order in which messages act: one queue with one consumer.</summary>
/// <remarks>
/// <see cref="Enqueue"/> must be called in the order of receipt, before any await. A message has two steps. The first,
/// <c>admit</c>, runs on the consumer, in order, and takes what the message may see (a snapshot) or may change (the session).
/// It returns the second, the work, which the consumer awaits when the message is mutating and sets going otherwise.
/// So mutating messages never overlap, a read waits for every earlier mutation and for nothing else, and no read can hold up a mutation.
/// </remarks>
[SuppressMessage("Naming", "CA1711", Justification = "It is a queue, though not a collection.")]
public sealed class RequestQueue : IAsyncDisposable
{
    /// <summary>Works of mode <see cref="RequestMode.Background"/> that may run at once.</summary>
    private const int BackgroundSlots = 2;

    /// <summary>How long closing waits for works that were told to stop.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(5);

    private readonly Channel<PendingRequest> _channel = Channel.CreateUnbounded<PendingRequest>(new UnboundedChannelOptions { SingleReader = true });
    private readonly ConcurrentDictionary<PendingRequest, Task> _running = new();
    private readonly ConcurrentDictionary<(string Method, string Key), PendingRequest> _supersedable = new();
    private readonly CancellationTokenSource _lifetime = new();
    private readonly SemaphoreSlim _backgroundSlots = new(BackgroundSlots);
    private readonly TaskCompletionSource _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ILogger _logger;
    private readonly TimeProvider _time;
    private readonly Task _consumer;
    private int _requestsInFlight;
    private int _disposed;

    public RequestQueue(ILogger logger, TimeProvider time)
    {
        _logger = logger;
        _time = time;
        _consumer = Task.Run(ConsumeAsync);
    }

    /// <summary>Faults with <see cref="QueueFailedException"/> when a mutating message fails; completes when the queue is closed.</summary>
    public Task Completion => _completion.Task;

    /// <summary>Requests (not notifications) received and not answered.</summary>
    public int RequestsInFlight => Volatile.Read(ref _requestsInFlight);

    /// <summary>Puts a message in line. The task is its one answer.</summary>
    /// <param name="request">What it is.</param>
    /// <param name="admit">Runs in order, must be quick, and returns the work.</param>
    /// <param name="supersede">When set, an older unanswered request of the same method and key is answered and cancelled now.</param>
    /// <param name="cancellationToken">Answers a read at once as cancelled and cancels its work; a mutating message runs to its end.</param>
    public Task<TResult> Enqueue<TResult>(RequestInfo request, Func<Func<CancellationToken, Task<TResult>>> admit, Supersede<TResult>? supersede, CancellationToken cancellationToken)
    {
        var isRequest = request.Id is not null;
        if (isRequest)
        {
            Interlocked.Increment(ref _requestsInFlight);
        }

        var pending = new PendingRequest<TResult>(
            request,
            admit,
            supersede,
            answered: () => Interlocked.Add(ref _requestsInFlight, isRequest ? -1 : 0),
            _time,
            _lifetime.Token,
            request.Mode == RequestMode.Mutating ? default : cancellationToken);
        if (supersede is not null)
        {
            SupersedeOlder(pending, (request.Method, supersede.Key));
        }

        if (request.Mode == RequestMode.OutOfBand)
        {
            if (pending.Admit())
            {
                Start(pending);
            }
            else
            {
                Finish(pending);
            }
        }
        else if (!_channel.Writer.TryWrite(pending))
        {
            pending.Refuse(new RequestFailedException(RequestErrorCode.InvalidRequest, "The connection is closing."));
            Finish(pending);
        }

        return pending.Answer;
    }

    /// <summary>Cancels everything, answers what is waiting, and waits a little for works to stop.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
        {
            return;
        }

        _channel.Writer.TryComplete();
        await _lifetime.CancelAsync();
        try
        {
            await _consumer.WaitAsync(Grace, _time);
            await Task.WhenAll(_running.Values).WaitAsync(Grace, _time);
        }
        catch (TimeoutException)
        {
            var stuck = _running.Keys.Select(pending => pending.Info.Method);
            _logger.LogWarning("Still running {Grace} after the connection closed: {Methods}", Grace, _consumer.IsCompleted ? string.Join(", ", stuck) : "a mutating message");
            return; // A work that is still running may still look at its token and its slot.
        }

        _lifetime.Dispose();
        _backgroundSlots.Dispose();
    }

    private async Task ConsumeAsync()
    {
        await foreach (var pending in _channel.Reader.ReadAllAsync())
        {
            if (pending.IsAnswered || !pending.Admit())
            {
                Finish(pending);
            }
            else if (pending.Info.Mode != RequestMode.Mutating)
            {
                Start(pending);
            }
            else
            {
                await pending.RunAsync();
                Finish(pending);
            }

            // Only a mutating message has work in hand here, and admitting one may already change the state.
            if (pending.Info.Mode == RequestMode.Mutating && pending.UnexpectedFailure is { } failure)
            {
                await FailAsync(new QueueFailedException(pending.Info, failure));
                return;
            }
        }

        _completion.TrySetResult();
    }

    private void Start(PendingRequest pending)
    {
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _running[pending] = started.Task;
        _ = Task.Run(async () =>
        {
            var needsSlot = pending.Info.Mode == RequestMode.Background;
            if (needsSlot)
            {
                await _backgroundSlots.WaitAsync();
            }

            try
            {
                await pending.RunAsync();
            }
            finally
            {
                if (needsSlot)
                {
                    _backgroundSlots.Release();
                }

                Finish(pending);
                _running.TryRemove(pending, out _);
                started.SetResult();
            }
        });
    }

    private void SupersedeOlder(PendingRequest newer, (string Method, string Key) key)
    {
        newer.SupersedeKey = key;
        PendingRequest? older = null;
        _supersedable.AddOrUpdate(key, newer, (_, existing) =>
        {
            older = existing;
            return newer;
        });
        older?.Supersede();
    }

    private void Finish(PendingRequest pending)
    {
        if (pending.SupersedeKey is { } key)
        {
            _supersedable.TryRemove(new(key, pending));
        }

        var level = pending switch
        {
            { UnexpectedFailure: not null } => LogLevel.Error,
            { Info.Id: null, Outcome: not "ok" } => LogLevel.Warning,
            _ => LogLevel.Information,
        };
        _logger.Log(
            level,
            pending.UnexpectedFailure,
            "{Method} {Id} {Mode} queued {QueuedMs:F1} ms, run {RunMs:F1} ms: {Outcome}",
            pending.Info.Method,
            pending.Info.Id ?? "-",
            pending.Info.Mode,
            pending.Queued.TotalMilliseconds,
            pending.Ran.TotalMilliseconds,
            pending.Outcome);
        pending.Dispose();
    }

    private async Task FailAsync(QueueFailedException failure)
    {
        _channel.Writer.TryComplete();
        await _lifetime.CancelAsync();
        await foreach (var pending in _channel.Reader.ReadAllAsync())
        {
            pending.Refuse(new RequestFailedException(RequestErrorCode.InternalError, failure.Message));
            Finish(pending);
        }

        _completion.TrySetException(failure);
    }
}
