namespace GptOss.CodeAssist.Inference;

/// <summary>Why an engine refused or failed.</summary>
public enum InferenceError
{
    /// <summary>No model file was found at the path asked for.</summary>
    ModelNotFound,

    /// <summary>The file is not a model that can be run: not GGUF, truncated, an unknown architecture.</summary>
    ModelInvalid,

    /// <summary>The model does not fit into memory.</summary>
    OutOfMemory,

    /// <summary>The native library is missing, of the wrong version, or failed.</summary>
    NativeLibrary,

    /// <summary>Too many requests are waiting already.</summary>
    QueueFull,

    /// <summary>The prompt is longer than the context.</summary>
    PromptTooLong,

    /// <summary>The request asks for something this engine or model cannot do.</summary>
    Unsupported,

    /// <summary>The engine is shutting down or has gone away.</summary>
    Unavailable,

    /// <summary>The engine's process ended in the middle of the work; another takes its place, and asking again is worth it.</summary>
    EngineLost,
}
