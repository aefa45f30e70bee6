using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using StreamJsonRpc;
using StreamJsonRpc.Protocol;
using StreamJsonRpc.Reflection;

namespace GptOss.CodeAssist.Rpc;

/// <summary>Header-delimited frames; a frame that is no message is answered with ParseError and skipped, because the frames after it may be fine. So is a reply to nothing.</summary>
/// <remarks>A bad header ends the connection: nobody knows where the next frame starts.</remarks>
internal sealed class TolerantMessageHandler(Stream output, Stream input, ILogger logger)
    : HeaderDelimitedMessageHandler(output, input, new TolerantFormatter())
{
    /// <summary>Our requests that the peer has not answered: StreamJsonRpc stops reading for good at a reply that it does not expect.</summary>
    private readonly ConcurrentDictionary<RequestId, bool> _asked = new();

    protected override void Write(JsonRpcMessage content, CancellationToken cancellationToken)
    {
        if (content is JsonRpcRequest { IsResponseExpected: true } request)
        {
            _asked[request.RequestId] = true;
        }

        base.Write(content, cancellationToken);
    }

    protected override async ValueTask<JsonRpcMessage?> ReadCoreAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                var message = await base.ReadCoreAsync(cancellationToken);
                if (message is not (JsonRpcResult or JsonRpcError) || (message is IJsonRpcMessageWithId { RequestId: var id } && _asked.TryRemove(id, out _)))
                {
                    return message;
                }

                logger.LogWarning("Skipped a reply to a request that was never made, or a second reply.");

                // The base reads no further before it knows that nobody needs the bytes of this message any more.
                ((IJsonRpcMessageBufferManager)this).DeserializationComplete(message);
            }
            catch (MalformedMessageException malformed)
            {
                logger.LogWarning("Skipped a message that is not JSON-RPC: {Reason}", malformed.Message);
                var error = new JsonRpcError
                {
                    RequestId = RequestId.Null,
                    Error = new JsonRpcError.ErrorDetail { Code = JsonRpcErrorCode.ParseError, Message = $"Not a JSON-RPC message: {malformed.Message}" },
                };
                await WriteAsync(error, cancellationToken);
            }
        }
    }
}
