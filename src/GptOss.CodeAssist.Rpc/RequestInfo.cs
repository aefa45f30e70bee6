namespace GptOss.CodeAssist.Rpc;

/// <summary>What the queue and its log line have to know of a message.</summary>
/// <param name="Method">The method's name.</param>
/// <param name="Id">The request's id as text; null for a notification.</param>
/// <param name="Mode">How it may run beside others.</param>
public sealed record RequestInfo(string Method, string? Id, RequestMode Mode);
