namespace GptOss.CodeAssist.Inference;

/// <summary>The engine refused a request or failed. The message is one sentence for a person.</summary>
public sealed class InferenceException(InferenceError error, string message, Exception? innerException = null)
    : Exception(message, innerException)
{
    public InferenceError Error { get; } = error;
}
