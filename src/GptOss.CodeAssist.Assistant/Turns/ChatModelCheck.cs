using GptOss.CodeAssist.Inference;

namespace GptOss.CodeAssist.Assistant.Turns;

/// <summary>Whether the engine's model can hold a conversation now.</summary>
public static class ChatModelCheck
{
    /// <summary>Why the model cannot; null where it can.</summary>
    public static EmptyReason? FindRefusal(EngineStatus status) => status switch
    {
        EngineStatus.Loading loading => EmptyReasons.ModelLoading(loading.Fraction),
        EngineStatus.Restarting restarting => EmptyReasons.EngineRestarting(restarting.Reason),
        EngineStatus.Failed failed => EmptyReasons.ModelUnavailable(failed.Reason),
        EngineStatus.Ready { Model.CanChat: true } => null,
        EngineStatus.Ready ready => EmptyReasons.CannotChat(ready.Model),
        _ => EmptyReasons.ModelUnavailable("There is no model."),
    };

    /// <summary>The same once the model is loaded: a person who asks something waits for it, and can cancel.</summary>
    /// <param name="onLoading">Told when there is something to wait for.</param>
    internal static async Task<EmptyReason?> FindRefusalAsync(IInferenceEngine engine, Action<EmptyReason> onLoading, CancellationToken cancellationToken)
    {
        if (engine.Status is (EngineStatus.Loading or EngineStatus.Restarting) and var status)
        {
            onLoading(FindRefusal(status)!);
            try
            {
                await engine.WaitForModelAsync(cancellationToken);
            }
            catch (InferenceException failure)
            {
                return ReasonOf(failure);
            }
        }

        return FindRefusal(engine.Status);
    }

    internal static EmptyReason ReasonOf(InferenceException exception) => exception.Error switch
    {
        InferenceError.EngineLost => EmptyReasons.EngineRestarting(exception.Message),
        InferenceError.QueueFull => EmptyReasons.EngineBusy,
        InferenceError.ModelNotFound or InferenceError.ModelInvalid or InferenceError.OutOfMemory or InferenceError.NativeLibrary =>
            EmptyReasons.ModelUnavailable(exception.Message),
        _ => EmptyReasons.EngineFailed(exception.Message),
    };
}
