using System.Text.Json.Serialization.Metadata;

namespace GptOss.CodeAssist.Rpc;

/// <summary>A method that the peer may call.</summary>
/// <remarks>Register it with <see cref="RpcConnection.Add"/> before the connection runs.</remarks>
public sealed record RpcMethod<TParams, TResult>(
    string Name,
    RequestMode Mode,
    JsonTypeInfo<TParams> Parameters,
    JsonTypeInfo<TResult> Result,
    Func<TParams, Func<CancellationToken, Task<TResult>>> Admit)
    where TParams : class
{
    /// <summary>What a newer call does to an older one; null, or a function that returns null, means nothing.</summary>
    public Func<TParams, Supersede<TResult>?>? Supersede { get; init; }
}
