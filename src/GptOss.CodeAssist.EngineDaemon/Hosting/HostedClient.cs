using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using GptOss.CodeAssist.EngineDaemon.Contract;
using GptOss.CodeAssist.Inference;
using Microsoft.Extensions.Logging;
using Nerdbank.Streams;
using StreamJsonRpc;

namespace GptOss.CodeAssist.EngineDaemon.Hosting;

/// <summary>One client after the handshake. Everything it asked for ends with its connection.</summary>
internal sealed class HostedClient : IAsyncDisposable
{
    /// <summary>Events that wait for a client to fetch them; after so many the answer waits in the engine.</summary>
    private const int MaxReadAhead = 256;

    private static readonly TimeSpan FarewellPatience = TimeSpan.FromSeconds(2);

    private readonly IInferenceEngine _engine;
    private readonly ILogger _logger;
    private readonly TimeProvider _time;
    private readonly MultiplexingStream _stream;
    private readonly JsonRpc _status;
    private readonly JsonRpc _work;
    private readonly CancellationTokenSource _gone = new();
    private readonly Channel<bool> _news = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly ConcurrentDictionary<int, CancellationTokenSource> _running = new();

    public HostedClient(Stream connection, IInferenceEngine engine, ILogger logger, TimeProvider time)
    {
        _engine = engine;
        _logger = logger;
        _time = time;
        _stream = EngineChannels.Open(connection);
        _status = EngineChannels.CreateRpc(_stream, EngineMethods.StatusChannel);
        _work = EngineChannels.CreateRpc(_stream, EngineMethods.WorkChannel);
        _work.CancelLocallyInvokedMethodsWhenConnectionIsClosed = true;
        _work.AddLocalRpcMethod(EngineMethods.Generate, Generate);
        _work.AddLocalRpcMethod(EngineMethods.Abandon, Abandon);
        _work.AddLocalRpcMethod(EngineMethods.CountTokens, CountTokensAsync);
        _work.Disconnected += (_, _) => _gone.Cancel();
    }

    /// <summary>Answers that are being written for this client.</summary>
    public int Generations => _running.Count;

    /// <summary>Serves the client until it leaves.</summary>
    public async Task RunAsync()
    {
        _engine.StatusChanged += OnStatusChanged;
        try
        {
            _news.Writer.TryWrite(true);
            _status.StartListening();
            _work.StartListening();
            var reporting = ReportStatusAsync(_gone.Token);
            await _work.Completion.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await reporting;
        }
        finally
        {
            _engine.StatusChanged -= OnStatusChanged;
        }
    }

    /// <summary>Tells the client that the host leaves on purpose, then closes the connection.</summary>
    public async Task DismissAsync(string reason)
    {
        try
        {
            // Answered, because what is only sent may be lost with the connection.
            await _status.InvokeAsync(EngineMethods.Farewell, reason).WaitAsync(FarewellPatience, _time);
        }
        catch (Exception exception) when (exception is RemoteRpcException or ConnectionLostException or ObjectDisposedException or TimeoutException)
        {
            // It left first, or does not listen.
        }

        await DisposeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        _status.Dispose();
        _work.Dispose();
        await _stream.DisposeAsync();
    }

    private void OnStatusChanged(EngineStatus status) => _news.Writer.TryWrite(true);

    private async Task ReportStatusAsync(CancellationToken gone)
    {
        try
        {
            EngineStatus? told = null;
            await foreach (var _ in _news.Reader.ReadAllAsync(gone))
            {
                if (_engine.Status is var status && status != told)
                {
                    told = status;
                    await _status.NotifyAsync(EngineMethods.Status, [status], [typeof(EngineStatus)]);
                }
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or ConnectionLostException or ObjectDisposedException)
        {
            // The client left.
        }
    }

    private async Task<int> CountTokensAsync(string text, CancellationToken cancellationToken)
    {
        try
        {
            return await _engine.CountTokensAsync(text, cancellationToken);
        }
        catch (InferenceException failure)
        {
            throw RpcFailures.ToRpc(failure);
        }
    }

    private IAsyncEnumerable<GenerationEvent> Generate(int number, bool isGuided, GenerationRequest request)
    {
        // Here and not in the stream: a word to abandon it may be the very next message.
        var stop = CancellationTokenSource.CreateLinkedTokenSource(_gone.Token);
        _running[number] = stop;
        return StreamAsync(number, isGuided ? request with { Guide = new RemoteGuide(_work, number, _logger, _time) } : request, stop)
            .WithJsonRpcSettings(new JsonRpcEnumerableSettings { MaxReadAhead = MaxReadAhead });
    }

    private async IAsyncEnumerable<GenerationEvent> StreamAsync(int number, GenerationRequest request, CancellationTokenSource stop, [EnumeratorCancellation] CancellationToken left = default)
    {
        await using var leaving = left.UnsafeRegister(_ => stop.Cancel(), null);
        try
        {
            // Reading ahead begins while the answer to the call is being written, which must not wait for the engine.
            await Task.Yield();
            await using var events = _engine.GenerateAsync(request, stop.Token).GetAsyncEnumerator(stop.Token);
            while (await MoveNextAsync(events))
            {
                yield return events.Current;
            }
        }
        finally
        {
            _running.TryRemove(number, out _);
            stop.Dispose();
        }
    }

    /// <remarks>The transport's own way of leaving an enumeration waits for the element that is being made.</remarks>
    private void Abandon(int number)
    {
        if (_running.TryRemove(number, out var stop))
        {
            stop.Cancel();
        }
    }

    private static async ValueTask<bool> MoveNextAsync(IAsyncEnumerator<GenerationEvent> events)
    {
        try
        {
            return await events.MoveNextAsync();
        }
        catch (InferenceException failure)
        {
            throw RpcFailures.ToRpc(failure);
        }
    }
}
