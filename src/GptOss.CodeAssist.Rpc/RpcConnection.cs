using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.Extensions.Logging;
using StreamJsonRpc;

namespace GptOss.CodeAssist.Rpc;

/// <summary>One peer: frames in, frames out, and the queue between. Everything it started is cancelled when it ends.</summary>
/// <remarks>Add every method, then call <see cref="RunAsync"/> once.</remarks>
public sealed class RpcConnection : IAsyncDisposable
{
    /// <summary>How long the end waits for replies already owed to be written.</summary>
    private static readonly TimeSpan Farewell = TimeSpan.FromSeconds(2);

    private readonly OrderedJsonRpc _rpc;
    private readonly RequestQueue _queue;
    private readonly TaskCompletionSource<ConnectionEnd> _end = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ILogger _logger;
    private readonly TimeProvider _time;

    /// <summary>Takes ownership of both streams.</summary>
    public RpcConnection(Stream input, Stream output, ILogger logger, TimeProvider time)
    {
        _logger = logger;
        _time = time;
        _queue = new RequestQueue(logger, time);
        _rpc = new OrderedJsonRpc(new TolerantMessageHandler(output, input, logger))
        {
            // The default would leave the model generating for an editor that is gone.
            CancelLocallyInvokedMethodsWhenConnectionIsClosed = true,
        };
        _rpc.Disconnected += (_, e) => _end.TrySetResult(Explain(e));
        _ = _queue.Completion.ContinueWith(
            queue => _end.TrySetResult(new ConnectionEnd(ConnectionEndKind.StateLost, queue.Exception!.InnerException!.Message)),
            CancellationToken.None,
            TaskContinuationOptions.OnlyOnFaulted,
            TaskScheduler.Default);
    }

    /// <summary>Requests received and not answered.</summary>
    public int RequestsInFlight => _queue.RequestsInFlight;

    /// <summary>Makes a method callable.</summary>
    public void Add<TParams, TResult>(RpcMethod<TParams, TResult> method)
        where TParams : class
        => _rpc.AddLocalRpcMethod(
            RpcTarget.InvokeMethod,
            new RpcTarget<TParams, TResult>(method, _queue, _logger),
            new JsonRpcMethodAttribute(method.Name) { UseSingleObjectParameterDeserialization = true });

    /// <summary>Listens until the connection ends, then cancels what is running and writes the replies that are owed.</summary>
    public async Task<ConnectionEnd> RunAsync(CancellationToken cancellationToken)
    {
        _rpc.StartListening();
        await using var stop = cancellationToken.UnsafeRegister(_ => End(new ConnectionEnd(ConnectionEndKind.Cancelled, "The server was told to stop.")), null);
        var end = await _end.Task;
        await _queue.DisposeAsync();
        if (end.Kind is not (ConnectionEndKind.PeerClosed or ConnectionEndKind.Broken))
        {
            await WriteOwedRepliesAsync();
        }

        _rpc.Dispose();
        return end;
    }

    /// <summary>Ends the connection; the first reason given counts.</summary>
    public void End(ConnectionEnd end) => _end.TrySetResult(end);

    /// <summary>Tells the peer something. Does nothing when the peer is gone.</summary>
    public async Task NotifyAsync<T>(string method, T parameters, JsonTypeInfo<T> type)
    {
        try
        {
            await _rpc.NotifyWithParameterObjectAsync(method, JsonSerializer.SerializeToNode(parameters, type)!);
        }
        catch (Exception gone) when (gone is ConnectionLostException or ObjectDisposedException)
        {
            _logger.LogDebug("{Method} was not sent: {Reason}", method, gone.Message);
        }
    }

    /// <summary>Asks the peer for something whose result does not matter. False when it refuses or is gone.</summary>
    public async Task<bool> TryRequestAsync<T>(string method, T parameters, JsonTypeInfo<T> type, CancellationToken cancellationToken)
    {
        try
        {
            await _rpc.InvokeWithParameterObjectAsync(method, JsonSerializer.SerializeToNode(parameters, type)!, cancellationToken);
            return true;
        }
        catch (Exception refused) when (refused is RemoteRpcException or ConnectionLostException or ObjectDisposedException)
        {
            _logger.LogInformation("The peer did not do {Method}: {Reason}", method, refused.Message);
            return false;
        }
    }

    /// <summary>Asks the peer for something. Null when it refuses, is gone, or answers with something else.</summary>
    public async Task<TResult?> FindReplyAsync<TParams, TResult>(string method, TParams parameters, JsonTypeInfo<TParams> type, JsonTypeInfo<TResult> result, CancellationToken cancellationToken)
        where TResult : class
    {
        try
        {
            var reply = await _rpc.InvokeWithParameterObjectAsync<JsonElement>(method, JsonSerializer.SerializeToNode(parameters, type)!, cancellationToken);
            return reply.Deserialize(result);
        }
        catch (Exception refused) when (refused is RemoteRpcException or ConnectionLostException or ObjectDisposedException or JsonException)
        {
            _logger.LogInformation("The peer did not do {Method}: {Reason}", method, refused.Message);
            return null;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _queue.DisposeAsync();
        _rpc.Dispose();
    }

    private static ConnectionEnd Explain(JsonRpcDisconnectedEventArgs e)
    {
        var explanation = e.Exception is null ? e.Description : $"{e.Description} {e.Exception.GetType().Name}: {e.Exception.Message}";
        return e.Reason == DisconnectedReason.RemotePartyTerminated && e.Exception is null
            ? new ConnectionEnd(ConnectionEndKind.PeerClosed, "The peer closed the connection.")
            : new ConnectionEnd(ConnectionEndKind.Broken, explanation);
    }

    private async Task WriteOwedRepliesAsync()
    {
        try
        {
            await _rpc.RepliesWritten.WaitAsync(Farewell, _time);
        }
        catch (TimeoutException)
        {
            _logger.LogWarning("The connection ended with replies that the peer does not read.");
        }
    }
}
