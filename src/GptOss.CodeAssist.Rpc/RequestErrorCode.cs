namespace GptOss.CodeAssist.Rpc;

/// <summary>Error codes of JSON-RPC 2.0 and LSP 3.18 ("Error codes" and "LSP error codes").</summary>
public enum RequestErrorCode
{
    ParseError = -32700,
    InvalidRequest = -32600,
    MethodNotFound = -32601,
    InvalidParams = -32602,
    InternalError = -32603,
    ServerNotInitialized = -32002,
    RequestCancelled = -32800,
    ContentModified = -32801,
    RequestFailed = -32803,
}
