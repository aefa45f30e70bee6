using GptOss.CodeAssist.Inference;
using StreamJsonRpc;

namespace GptOss.CodeAssist.EngineDaemon.Contract;

/// <summary>Failures of an engine on their way through JSON-RPC: the kind becomes the error code.</summary>
internal static class RpcFailures
{
    private const int FirstCode = -33_000;

    public static LocalRpcException ToRpc(InferenceException failure) => new(failure.Message, failure) { ErrorCode = FirstCode - (int)failure.Error };

    /// <summary>What went wrong, as an engine says it; null for a cancellation that the caller asked for.</summary>
    public static InferenceException? FindFailure(Exception exception, CancellationToken asked) => exception switch
    {
        OperationCanceledException when asked.IsCancellationRequested => null,
        RemoteInvocationException { ErrorCode: <= FirstCode and var code } remote when Enum.IsDefined((InferenceError)(FirstCode - code)) =>
            new InferenceException((InferenceError)(FirstCode - code), remote.Message, remote),
        RemoteInvocationException remote => new InferenceException(InferenceError.NativeLibrary, $"The engine failed: {remote.Message}", remote),
        _ => new InferenceException(InferenceError.EngineLost, "The engine process ended in the middle of this answer; ask again in a moment.", exception),
    };
}
