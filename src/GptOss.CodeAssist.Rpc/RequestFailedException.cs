namespace GptOss.CodeAssist.Rpc;

/// <summary>A request is refused for a reason that the peer should read. State is unharmed: it does not end the session even where the request is mutating.</summary>
public sealed class RequestFailedException(RequestErrorCode code, string message) : Exception(message)
{
    public RequestErrorCode Code { get; } = code;
}
