namespace GptOss.CodeAssist.Inference.Llama.Native;

/// <summary>What <c>llama_decode</c> returned.</summary>
internal enum DecodeResult
{
    Done,

    /// <summary>No free cells for the batch; nothing was evaluated.</summary>
    CacheFull,

    /// <summary>Stopped on request; some micro-batches may have been evaluated.</summary>
    Aborted,

    Failed,
}
