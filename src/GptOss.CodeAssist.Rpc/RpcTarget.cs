using System.Reflection;
using System.Text.Json;

namespace GptOss.CodeAssist.Rpc;

/// <summary>What StreamJsonRpc invokes for one method. Not generic, so that its signature is looked at once and not for each method.</summary>
internal abstract class RpcTarget
{
    public static MethodInfo InvokeMethod { get; } = typeof(RpcTarget).GetMethod(nameof(InvokeAsync))!;

    public abstract Task<JsonElement> InvokeAsync(JsonElement? parameters = null, CancellationToken cancellationToken = default);
}
