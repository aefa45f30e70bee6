using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using GptOss.CodeAssist.EngineDaemon.Contract;
using GptOss.CodeAssist.Inference;
using Nerdbank.Streams;
using StreamJsonRpc;

namespace GptOss.CodeAssist.EngineDaemon.Client;

/// <summary>A client's side of one connection after the handshake.</summary>
internal sealed class EngineConnection : IAsyncDisposable
{
    private readonly MultiplexingStream _stream;
    private readonly JsonRpc _status;
    private readonly JsonRpc _work;
    private readonly ConcurrentDictionary<int, IGenerationGuide> _guides = new();
    private int _lastNumber;
    private string? _farewell;

    /// <param name="connection">Owned from here on.</param>
    /// <param name="onStatus">Told every status that the host reports, in order.</param>
    public EngineConnection(Stream connection, Action<EngineStatus> onStatus)
    {
        _stream = EngineChannels.Open(connection);
        _status = EngineChannels.CreateRpc(_stream, EngineMethods.StatusChannel);
        _work = EngineChannels.CreateRpc(_stream, EngineMethods.WorkChannel);
        _status.AddLocalRpcMethod(EngineMethods.Status, onStatus);
        _status.AddLocalRpcMethod(EngineMethods.Farewell, (string reason) => Volatile.Write(ref _farewell, reason));
        _work.AddLocalRpcMethod(EngineMethods.FindConstraint, (int number, string answer) => _guides.TryGetValue(number, out var guide) ? guide.FindConstraint(answer) : null);
    }

    /// <summary>Listens until the host is gone. What it said when it left on purpose; null when it was lost.</summary>
    public async Task<string?> RunAsync()
    {
        _status.StartListening();
        _work.StartListening();
        await Task.WhenAll(_status.Completion, _work.Completion).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return Volatile.Read(ref _farewell);
    }

    /// <inheritdoc cref="IInferenceEngine.CountTokensAsync"/>
    public async ValueTask<int> CountTokensAsync(string text, CancellationToken cancellationToken)
    {
        try
        {
            return await _work.InvokeWithCancellationAsync<int>(EngineMethods.CountTokens, [text], cancellationToken);
        }
        catch (Exception exception) when (RpcFailures.FindFailure(exception, cancellationToken) is { } failure)
        {
            throw failure;
        }
    }

    /// <inheritdoc cref="IInferenceEngine.GenerateAsync"/>
    public async IAsyncEnumerable<GenerationEvent> GenerateAsync(GenerationRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var number = Interlocked.Increment(ref _lastNumber);
        if (request.Guide is not null)
        {
            _guides[number] = request.Guide;
        }

        var abandoning = 0;
        await using var cancelled = cancellationToken.UnsafeRegister(_ => Abandon(), null);
        try
        {
            var events = await BeginAsync(number, request, cancellationToken);
            try
            {
                while (await MoveNextAsync(events, cancellationToken))
                {
                    yield return events.Current;
                }

                abandoning = 1;
            }
            finally
            {
                Abandon();
                await LeaveAsync(events);
            }
        }
        finally
        {
            _guides.TryRemove(number, out _);
        }

        void Abandon()
        {
            if (Interlocked.Exchange(ref abandoning, 1) == 0)
            {
                _ = _work.NotifyAsync(EngineMethods.Abandon, number).ContinueWith(static task => task.Exception, TaskScheduler.Default);
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        _status.Dispose();
        _work.Dispose();
        await _stream.DisposeAsync();
    }

    private async Task<IAsyncEnumerator<GenerationEvent>> BeginAsync(int number, GenerationRequest request, CancellationToken cancellationToken)
    {
        try
        {
            var events = await _work.InvokeWithCancellationAsync<IAsyncEnumerable<GenerationEvent>>(
                EngineMethods.Generate, [number, request.Guide is not null, request], cancellationToken);
            return events.GetAsyncEnumerator(cancellationToken);
        }
        catch (Exception exception) when (RpcFailures.FindFailure(exception, cancellationToken) is { } failure)
        {
            throw failure;
        }
    }

    private static async ValueTask LeaveAsync(IAsyncEnumerator<GenerationEvent> events)
    {
        try
        {
            await events.DisposeAsync();
        }
        catch (Exception exception) when (exception is RemoteRpcException or ConnectionLostException or ObjectDisposedException)
        {
            // What the host held for it is gone with the connection.
        }
    }

    private static async ValueTask<bool> MoveNextAsync(IAsyncEnumerator<GenerationEvent> events, CancellationToken cancellationToken)
    {
        try
        {
            return await events.MoveNextAsync();
        }
        catch (Exception exception) when (RpcFailures.FindFailure(exception, cancellationToken) is { } failure)
        {
            throw failure;
        }
    }
}
