namespace GptOss.CodeAssist.Rpc;

/// <summary>A mutating message failed half-way: the state can no longer be trusted, so the queue takes nothing more.</summary>
public sealed class QueueFailedException(RequestInfo request, Exception cause)
    : Exception($"{request.Method} failed while it changed the state, so the connection ends: {cause.Message}", cause)
{
    public RequestInfo Request { get; } = request;
}
