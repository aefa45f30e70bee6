namespace GptOss.CodeAssist.Inference.Llama.Native;

/// <summary>How a context is made.</summary>
/// <param name="SequenceLength">Tokens that one sequence can hold.</param>
/// <param name="FlashAttention">null lets llama.cpp decide.</param>
internal sealed record ContextOptions(
    int SequenceLength,
    int Sequences,
    int BatchSize,
    int MicroBatchSize,
    int MaxOutputs,
    int Threads,
    int BatchThreads,
    bool? FlashAttention,
    CacheType CacheType,
    bool FullSlidingWindowCache);
