using System.Collections.Immutable;
using GptOss.CodeAssist.Inference.Llama.Gguf;
using GptOss.CodeAssist.Inference.Llama.Native;

namespace GptOss.CodeAssist.Inference.Llama;

/// <summary>Every number that loading needs, chosen from the options, the file's header and the machine.</summary>
internal sealed record LoadPlan(ModelLoadOptions Model, ContextOptions Context, ImmutableArray<string> Warnings)
{
    private const int DefaultContextLength = 16384;

    /// <summary>Rows of logits that one batch may ask for, drafts included; each takes 4 bytes a token of the vocabulary.</summary>
    private const int MaxOutputs = 64;

    /// <summary>
    /// Weights up to this size (in bytes) are computed by one thread: llama.cpp's threads spin at a barrier after every operation, so that on a busy machine
    /// each waits for the slice of another process, and a model this small gains nothing to set against it. Measured with the starter on
    /// two cores under a load of 5: 900 ms to the first token with two threads, 130 ms with one.
    /// </summary>
    private const long SingleThreadBytes = 64 << 20;

    public static LoadPlan Create(LlamaEngineOptions options, GgufModel file, ImmutableArray<LlamaDevice> devices)
    {
        var warnings = ImmutableArray.CreateBuilder<string>();
        var slots = Math.Clamp(options.Slots, 1, 32);
        var wanted = options.ContextLength ?? Math.Min(file.ContextLength, DefaultContextLength);
        if (wanted > file.ContextLength)
        {
            warnings.Add($"The context of {wanted:N0} tokens is longer than the {file.ContextLength:N0} that {file.Name} was trained for.");
        }

        var cores = file.WeightBytes <= SingleThreadBytes ? 1 : ProcessorTopology.CountPhysicalCores();
        var hasGpu = devices.Any(device => device.Kind is LlamaDeviceKind.Gpu or LlamaDeviceKind.IntegratedGpu);
        if (!hasGpu && options.GpuLayers is > 0 or < 0)
        {
            warnings.Add("GPU layers were asked for, but llama.cpp found no GPU that it can use; the model runs on the CPU.");
        }

        var model = new ModelLoadOptions(
            GpuLayers: hasGpu ? options.GpuLayers ?? -1 : 0,
            options.MemoryMap,
            options.LockMemory,
            options.RepackWeights,
            options.MainGpu,
            options.SplitOverGpus,
            options.CpuExpertLayers is { } layers ? [.. Enumerable.Range(0, layers).Select(layer => $@"blk\.{layer}\.ffn_(up|down|gate)_exps")] : [],
            options.TensorSplit);
        var context = new ContextOptions(
            SequenceLength: Math.Max(256, wanted),
            slots,
            BatchSize: Math.Max(options.MicroBatchSize, MaxOutputs),
            options.MicroBatchSize,
            MaxOutputs: Math.Max(MaxOutputs, slots),
            options.Threads ?? cores,
            options.BatchThreads ?? cores,
            options.FlashAttention,
            options.CacheType,
            options.FullSlidingWindowCache);
        return new LoadPlan(model, context, warnings.ToImmutable());
    }
}
