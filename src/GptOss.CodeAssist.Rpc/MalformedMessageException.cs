namespace GptOss.CodeAssist.Rpc;

/// <summary>A whole frame arrived whose content is not a JSON-RPC message. The next frame may be fine.</summary>
internal sealed class MalformedMessageException(string message, Exception cause) : Exception(message, cause);
