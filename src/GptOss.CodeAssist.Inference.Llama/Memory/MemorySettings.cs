namespace GptOss.CodeAssist.Inference.Llama.Memory;

/// <summary>The settings of a context that decide how much memory it takes.</summary>
public sealed record MemorySettings
{
    /// <summary>Tokens that one sequence can hold.</summary>
    public required int SequenceLength { get; init; }

    /// <summary>Sequences in the context, each with a cache of its own.</summary>
    public int Sequences { get; init; } = 1;

    /// <summary>Most tokens computed together.</summary>
    public int MicroBatchSize { get; init; } = 512;

    /// <summary>Most rows of logits in one batch.</summary>
    public int MaxOutputs { get; init; } = 64;

    /// <summary>Number format of the cache.</summary>
    public CacheType CacheType { get; init; } = CacheType.Half;

    /// <summary>Whether sliding-window layers keep every position, or the window and one batch only.</summary>
    public bool FullSlidingWindowCache { get; init; } = true;
}
