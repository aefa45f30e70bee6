using System.Collections.Concurrent;
using StreamJsonRpc;
using StreamJsonRpc.Protocol;

namespace GptOss.CodeAssist.Rpc;

/// <summary>StreamJsonRpc's connection, which tells a target its request's id, says no more of an exception than its message, and knows which replies are still to be written.</summary>
internal sealed class OrderedJsonRpc(IJsonRpcMessageHandler handler) : JsonRpc(handler)
{
    private static readonly AsyncLocal<string?> RequestId = new();
    private readonly ConcurrentDictionary<RequestId, TaskCompletionSource> _unwritten = new();

    /// <summary>The id of the request being dispatched on this thread; null for a notification.</summary>
    public static string? CurrentRequestId => RequestId.Value;

    /// <summary>Completes when the replies that are owed now have been written.</summary>
    public Task RepliesWritten => Task.WhenAll(_unwritten.Values.Select(reply => reply.Task));

    protected override ValueTask<JsonRpcMessage> DispatchRequestAsync(JsonRpcRequest request, TargetMethod targetMethod, CancellationToken cancellationToken)
    {
        RequestId.Value = request.IsResponseExpected ? request.RequestId.ToString() : null;
        if (request.IsResponseExpected)
        {
            _unwritten[request.RequestId] = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        return base.DispatchRequestAsync(request, targetMethod, cancellationToken);
    }

    protected override void OnResponseSent(JsonRpcMessage response)
    {
        base.OnResponseSent(response);
        if (response is IJsonRpcMessageWithId { RequestId: var id } && _unwritten.TryRemove(id, out var reply))
        {
            reply.SetResult();
        }
    }

    protected override JsonRpcError.ErrorDetail CreateErrorDetails(JsonRpcRequest request, Exception exception) => new()
    {
        Code = (JsonRpcErrorCode)(exception is RequestFailedException refusal ? refusal.Code : RequestErrorCode.InternalError),
        Message = exception is RequestFailedException ? exception.Message : $"{request.Method} failed: {exception.Message}",
    };
}
