namespace GptOss.CodeAssist.Inference;

/// <summary>Why an answer ended.</summary>
public enum FinishReason
{
    /// <summary>The model said that it is done: an end-of-generation token.</summary>
    EndOfGeneration,

    /// <summary>One of the request's stop tokens.</summary>
    StopToken,

    /// <summary>One of the request's stop strings.</summary>
    StopString,

    /// <summary>The request's token limit.</summary>
    TokenLimit,

    /// <summary>The context is full.</summary>
    ContextFull,

    /// <summary>The constraint or grammar allows nothing more.</summary>
    ConstraintEnded,
}
