using GptOss.CodeAssist.Inference;

namespace GptOss.CodeAssist.Assistant.Turns;

/// <summary>Whether the engine's model can hold a conversation now.</summary>
internal static class ChatModelCheck
{
    /// <summary>Why the model cannot; null where it can.</summary>
    public static EmptyReason? FindRefusal(EngineStatus status) => status switch
    {
        EngineStatus.Loading loading => EmptyReasons.ModelLoading(loading.Fraction),
        EngineStatus.Failed failed => EmptyReasons.ModelUnavailable(failed.Reason),
        EngineStatus.Ready { Model: { CanChat: true, PromptStyle: PromptStyle.Harmony } } => null,
        EngineStatus.Ready ready => EmptyReasons.CannotChat(ready.Model.Name),
        _ => EmptyReasons.ModelUnavailable("There is no model."),
    };

    public static EmptyReason ReasonOf(InferenceException exception) => exception.Error switch
    {
        InferenceError.QueueFull => EmptyReasons.EngineBusy,
        InferenceError.ModelNotFound or InferenceError.ModelInvalid or InferenceError.OutOfMemory or InferenceError.NativeLibrary =>
            EmptyReasons.ModelUnavailable(exception.Message),
        _ => EmptyReasons.EngineFailed(exception.Message),
    };
}
