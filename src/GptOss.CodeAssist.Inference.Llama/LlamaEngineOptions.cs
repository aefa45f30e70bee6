using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace GptOss.CodeAssist.Inference.Llama;

/// <summary>What to load and how; everything but the path has a default that fits the machine.</summary>
public sealed record LlamaEngineOptions
{
    /// <summary>Full path of the GGUF file; of a split model the first shard.</summary>
    public required string ModelPath { get; init; }

    /// <summary>Tokens that one request may use; null takes what the model was trained for, at most 16,384, and less where memory is short.</summary>
    public int? ContextLength { get; init; }

    /// <summary>Requests that are worked on at the same time, each with its own cached prompt.</summary>
    public int Slots { get; init; } = 4;

    /// <summary>Threads for writing answers; null takes the physical cores, and one for a model of less than 64 MiB.</summary>
    public int? Threads { get; init; }

    /// <summary>Threads for evaluating prompts; null takes the physical cores, and one for a model of less than 64 MiB.</summary>
    public int? BatchThreads { get; init; }

    /// <summary>Most tokens computed together; larger is faster on GPUs and takes more memory. Null takes 512, and 128 for a model of less than 64 MiB on the processor.</summary>
    public int? MicroBatchSize { get; init; }

    /// <summary>Layers on the GPU; null takes as many as fit into its free memory, 0 none, negative all.</summary>
    public int? GpuLayers { get; init; }

    /// <summary>Layers whose expert tensors stay in system memory although the layer is on the GPU: the way to run gpt-oss-20b on an 8 GB card. Null decides by free memory.</summary>
    public int? CpuExpertLayers { get; init; }

    /// <summary>The GPU to use where the model is not split.</summary>
    public int MainGpu { get; init; }

    /// <summary>Whether layers are spread over all GPUs.</summary>
    public bool SplitOverGpus { get; init; } = true;

    /// <summary>Proportion of the model for each GPU; empty lets llama.cpp decide by their free memory.</summary>
    public ImmutableArray<float> TensorSplit { get; init; } = [];

    /// <summary>
    /// Keeps every position of the sliding-window layers: twice the memory for the KV cache, and any prompt can be taken back to any point.
    /// Without it the cache holds the window only, and checkpoints bring it back.
    /// </summary>
    public bool FullSlidingWindowCache { get; init; } = true;

    /// <summary>Number format of the KV cache. <see cref="CacheType.Q8"/> needs flash attention; without it the cache is half precision.</summary>
    public CacheType CacheType { get; init; } = CacheType.Half;

    /// <summary>Flash attention; null lets llama.cpp decide.</summary>
    public bool? FlashAttention { get; init; }

    /// <summary>Maps the file into memory instead of reading it.</summary>
    public bool MemoryMap { get; init; } = true;

    /// <summary>Keeps the weights from being swapped out.</summary>
    public bool LockMemory { get; init; }

    /// <summary>Re-packs weights for this CPU while loading: faster answers, slower loading, and memory that processes do not share.</summary>
    public bool RepackWeights { get; init; } = true;

    /// <summary>LoRA adapters to attach.</summary>
    public ImmutableArray<LoraAdapter> Adapters { get; init; } = [];

    /// <summary>Where llama.cpp's libraries are; null takes the build's own folder.</summary>
    public string? NativeFolder { get; init; }

    /// <summary>What loading leaves the processor to before it begins.</summary>
    [JsonIgnore]
    public Task LoadAfter { get; init; } = Task.CompletedTask;
}
