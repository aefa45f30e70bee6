using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.Extensions.Logging;

namespace GptOss.CodeAssist.Rpc;

/// <summary>Reads the parameters and enqueues, before the first await.</summary>
internal sealed class RpcTarget<TParams, TResult>(RpcMethod<TParams, TResult> method, RequestQueue queue, ILogger logger) : RpcTarget
    where TParams : class
{
    private static readonly JsonElement NoParameters = JsonDocument.Parse("{}").RootElement;

    public override async Task<JsonElement> InvokeAsync(JsonElement? parameters = null, CancellationToken cancellationToken = default)
    {
        var request = new RequestInfo(method.Name, OrderedJsonRpc.CurrentRequestId, method.Mode);
        var read = Read(request, parameters);
        var answer = queue.Enqueue(request, () => method.Admit(read), method.Supersede?.Invoke(read), cancellationToken);
        return JsonSerializer.SerializeToElement(await answer, ShapeOf<TResult>());
    }

    private TParams Read(RequestInfo request, JsonElement? parameters)
    {
        // Some clients send an empty list where a method has no parameters.
        var isAbsent = parameters is null or { ValueKind: JsonValueKind.Undefined or JsonValueKind.Null } || (parameters is { ValueKind: JsonValueKind.Array } list && list.GetArrayLength() == 0);
        var json = isAbsent ? NoParameters : parameters!.Value;
        try
        {
            return json.Deserialize(ShapeOf<TParams>())!;
        }
        catch (Exception cause) when (cause is JsonException or InvalidOperationException)
        {
            logger.LogWarning("{Method} {Id} has bad parameters: {Reason}", request.Method, request.Id ?? "-", cause.Message);
            throw new RequestFailedException(RequestErrorCode.InvalidParams, $"{method.Name}: {cause.Message}");
        }
    }

    private JsonTypeInfo<T> ShapeOf<T>() => (JsonTypeInfo<T>?)method.Json.GetTypeInfo(typeof(T)) ?? throw new InvalidOperationException($"{method.Json.GetType().Name} does not know {typeof(T).Name}.");
}
