using System.Text.Json;
using Microsoft.Extensions.Logging;

namespace GptOss.CodeAssist.Rpc;

/// <summary>What StreamJsonRpc invokes for one method: it reads the parameters and enqueues, before the first await.</summary>
internal sealed class RpcTarget<TParams, TResult>(RpcMethod<TParams, TResult> method, RequestQueue queue, ILogger logger)
    where TParams : class
{
    public static readonly System.Reflection.MethodInfo InvokeMethod = typeof(RpcTarget<TParams, TResult>).GetMethod(nameof(InvokeAsync))!;

    private static readonly JsonElement NoParameters = JsonDocument.Parse("{}").RootElement;

    public async Task<JsonElement> InvokeAsync(JsonElement? parameters = null, CancellationToken cancellationToken = default)
    {
        var request = new RequestInfo(method.Name, OrderedJsonRpc.CurrentRequestId, method.Mode);
        var read = Read(request, parameters);
        var answer = queue.Enqueue(request, () => method.Admit(read), method.Supersede?.Invoke(read), cancellationToken);
        return JsonSerializer.SerializeToElement(await answer, method.Result);
    }

    private TParams Read(RequestInfo request, JsonElement? parameters)
    {
        // Some clients send an empty list where a method has no parameters.
        var isAbsent = parameters is null or { ValueKind: JsonValueKind.Undefined or JsonValueKind.Null } || (parameters is { ValueKind: JsonValueKind.Array } list && list.GetArrayLength() == 0);
        var json = isAbsent ? NoParameters : parameters!.Value;
        try
        {
            return json.Deserialize(method.Parameters)!;
        }
        catch (Exception cause) when (cause is JsonException or InvalidOperationException)
        {
            logger.LogWarning("{Method} {Id} has bad parameters: {Reason}", request.Method, request.Id ?? "-", cause.Message);
            throw new RequestFailedException(RequestErrorCode.InvalidParams, $"{method.Name}: {cause.Message}");
        }
    }
}
