using System.Text.Json.Serialization;

namespace GptOss.CodeAssist.Rpc;

/// <summary>A method that the peer may call.</summary>
/// <remarks>Register it with <see cref="RpcConnection.Add"/> before the connection runs. <paramref name="Json"/> knows the shapes of parameters and result; it is asked at the first call, because shapes take longer to make than a connection.</remarks>
public sealed record RpcMethod<TParams, TResult>(
    string Name,
    RequestMode Mode,
    JsonSerializerContext Json,
    Func<TParams, Func<CancellationToken, Task<TResult>>> Admit)
    where TParams : class
{
    /// <summary>What a newer call does to an older one; null, or a function that returns null, means nothing.</summary>
    public Func<TParams, Supersede<TResult>?>? Supersede { get; init; }
}
