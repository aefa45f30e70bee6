using Microsoft.Extensions.Logging;
using StreamJsonRpc;
using StreamJsonRpc.Protocol;

namespace GptOss.CodeAssist.Rpc;

/// <summary>Header-delimited frames; a frame that is no message is answered with ParseError and skipped, because the frames after it may be fine.</summary>
/// <remarks>A bad header ends the connection: nobody knows where the next frame starts.</remarks>
internal sealed class TolerantMessageHandler(Stream output, Stream input, ILogger logger)
    : HeaderDelimitedMessageHandler(output, input, new TolerantFormatter())
{
    protected override async ValueTask<JsonRpcMessage?> ReadCoreAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                return await base.ReadCoreAsync(cancellationToken);
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
