using System.Runtime.CompilerServices;
using GptOss.CodeAssist.Harmony;
using GptOss.CodeAssist.Inference.OpenAi.Chatting;
using GptOss.CodeAssist.Inference.OpenAi.Completing;
using GptOss.CodeAssist.Inference.OpenAi.Connecting;
using GptOss.CodeAssist.Inference.OpenAi.Probing;
using Microsoft.Extensions.Logging;

namespace GptOss.CodeAssist.Inference.OpenAi;

/// <summary>The engine that a model server is.</summary>
/// <remarks>
/// <see cref="Start"/> returns at once; what the server is and what its model can do is found out in the background, and again when the server was lost.
/// What was being answered when it was lost fails with <see cref="InferenceError.EngineLost"/>.
/// vLLM and llama-server are sent prompts as token numbers; the other servers get conversations and write prompts by themselves, so that they chat and do not complete.
/// A guide and a draft source are not for servers: the one would cost a journey a word, and what it keeps out the compiler drops later; the other is their own business.
/// </remarks>
public sealed class ServerEngine : IInferenceEngine
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);

    private readonly ServerConnection _connection;
    private readonly ServerProbe _probe;
    private readonly ILogger _logger;
    private readonly TimeProvider _time;
    private readonly AnswerStream _answers;
    private readonly CancellationTokenSource _closing = new();
    private readonly SemaphoreSlim _wanted = new(0);
    private readonly Lock _lock = new();
    private readonly Task _running;
    private TaskCompletionSource _changed = NewSignal();
    private TaskCompletionSource<string> _trouble = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private EngineStatus _status = new EngineStatus.Loading(0);
    private ServedModel? _served;
    private int _disposed;

    private ServerEngine(ServerEngineOptions options, ILogger logger, TimeProvider time)
    {
        (_logger, _time) = (logger, time);
        _connection = new ServerConnection(options, time);
        _probe = new ServerProbe(_connection, options);
        _answers = new AnswerStream(_connection, time, logger);
        _running = Task.Run(() => RunAsync(_closing.Token));
    }

    public EngineStatus Status => Volatile.Read(ref _status);

    /// <summary>What the server turned out to be; null until it answered.</summary>
    public ServerReport? Report => Volatile.Read(ref _served)?.Report;

    public event Action<EngineStatus>? StatusChanged;

    /// <summary>Begins to look at the server and returns at once.</summary>
    public static ServerEngine Start(ServerEngineOptions options, ILogger logger, TimeProvider? time = null) => new(options, logger, time ?? TimeProvider.System);

    public async Task<ModelDescription> WaitForModelAsync(CancellationToken cancellationToken) => (await WaitForServerAsync(cancellationToken)).Description;

    public async ValueTask<int> CountTokensAsync(string text, CancellationToken cancellationToken) =>
        (await WaitForServerAsync(cancellationToken)).Vocabulary?.Count(text) ?? (text.Length + 2) / 3;

    public async IAsyncEnumerable<GenerationEvent> GenerateAsync(GenerationRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _closing.Token);
        var served = await WaitForServerAsync(either.Token);
        await using var events = Choose(request, served, either.Token).GetAsyncEnumerator(either.Token);
        while (await MoveAsync(events, cancellationToken))
        {
            yield return events.Current;
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
        _connection.Dispose();
        _closing.Dispose();
        _wanted.Dispose();
    }

    private IAsyncEnumerable<GenerationEvent> Choose(GenerationRequest request, ServedModel served, CancellationToken cancellationToken)
    {
        if (served.ChatsByServer && HarmonyPrompt.Find(request.Prompt) is { } conversation)
        {
            return new ChatCompletion(_answers, served, _time).GenerateAsync(request, conversation, cancellationToken);
        }

        return served.Raw is not null
            ? new RawCompletion(_answers, served, _time).GenerateAsync(request, cancellationToken)
            : throw new InferenceException(InferenceError.Unsupported, served.Description.CompletionRefusal!);
    }

    private async ValueTask<bool> MoveAsync(IAsyncEnumerator<GenerationEvent> events, CancellationToken cancellationToken)
    {
        try
        {
            return await events.MoveNextAsync();
        }
        catch (ServerException exception)
        {
            if (exception.IsServerGone)
            {
                lock (_lock)
                {
                    _trouble.TrySetResult(exception.Message);
                }
            }

            throw exception.ToInference();
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new InferenceException(InferenceError.Unavailable, "The engine was closed.");
        }
    }

    private async Task<ServedModel> WaitForServerAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var changed = Volatile.Read(ref _changed).Task;
            if (Volatile.Read(ref _served) is { } served)
            {
                return served;
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
        var pause = FirstPause;
        try
        {
            while (true)
            {
                try
                {
                    var served = await _probe.RunAsync(closing);
                    pause = FirstPause;
                    _logger.LogInformation("The model server is {Server}; {Model} {Works}.", served.Report.Server, served.Description.Name, served.Report.Works);
                    Task<string> trouble;
                    lock (_lock)
                    {
                        _trouble = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
                        trouble = _trouble.Task;
                    }

                    Change(new EngineStatus.Ready(served.Description), served);
                    var lost = await trouble.WaitAsync(closing);
                    _logger.LogWarning("The model server is looked at again: {Reason}", lost);
                    Change(new EngineStatus.Restarting(lost), null);
                }
                catch (ServerException failure)
                {
                    _logger.LogInformation("The model server cannot be used: {Reason}", failure.Message);
                    Change(failure.Failure == ServerFailure.NotReady ? new EngineStatus.Loading(0) : new EngineStatus.Failed(failure.ToInference().Error, failure.Message), null);
                    await WaitAsync(pause, closing);
                    pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
                }
            }
        }
        catch (OperationCanceledException) when (closing.IsCancellationRequested)
        {
            Change(new EngineStatus.Failed(InferenceError.Unavailable, "The engine is closed."), null);
        }
#pragma warning disable CA1031 // The loop's last stop: whatever went wrong becomes a status and the answer to every request.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            _logger.LogError(exception, "Looking at the model server failed.");
            Change(new EngineStatus.Failed(InferenceError.Unavailable, $"The model server cannot be used: {exception.Message}"), null);
        }
    }

    /// <summary>Waits before the server is looked at again; a request cuts it short, but not below the first pause.</summary>
    private async Task WaitAsync(TimeSpan pause, CancellationToken closing)
    {
        await Task.Delay(FirstPause, _time, closing);
        if (pause > FirstPause)
        {
            using var woken = CancellationTokenSource.CreateLinkedTokenSource(closing);
            await Task.WhenAny(_wanted.WaitAsync(woken.Token), Task.Delay(pause - FirstPause, _time, woken.Token));
            await woken.CancelAsync();
            closing.ThrowIfCancellationRequested();
        }
    }

    private void Wake()
    {
        if (_wanted.CurrentCount == 0)
        {
            _wanted.Release();
        }
    }

    private void Change(EngineStatus status, ServedModel? served)
    {
        Volatile.Write(ref _served, served);
        if (status != Status)
        {
            Volatile.Write(ref _status, status);
            StatusChanged?.Invoke(status);
        }

        lock (_lock)
        {
            var changed = _changed;
            _changed = NewSignal();
            changed.SetResult();
        }
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
