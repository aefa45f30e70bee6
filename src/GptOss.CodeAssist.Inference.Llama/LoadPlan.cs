using System.Collections.Immutable;
using GptOss.CodeAssist.Inference.Llama.Gguf;
using GptOss.CodeAssist.Inference.Llama.Memory;
using GptOss.CodeAssist.Inference.Llama.Native;

namespace GptOss.CodeAssist.Inference.Llama;

/// <summary>Every number that loading needs, chosen from the options, the file's header and the machine.</summary>
/// <param name="Model">How the weights are loaded.</param>
/// <param name="Context">How the context is made.</param>
/// <param name="Estimate">The memory that both will take.</param>
/// <param name="Placement">What of it goes to a GPU; null without one.</param>
/// <param name="Warnings">Sentences for the log: what was asked for and cannot be had.</param>
internal sealed record LoadPlan(ModelLoadOptions Model, ContextOptions Context, ModelMemoryEstimate Estimate, GpuPlacement? Placement, ImmutableArray<string> Warnings)
{
    /// <summary>gpt-oss was trained for 131,072 tokens; few prompts need more than this, and the cache takes memory for all of it.</summary>
    private const int DefaultContextLength = 16384;

    private const int MinContextLength = 256;

    /// <summary>Shortest context that memory may shrink an unset length to.</summary>
    private const int MinDefaultContextLength = 2048;

    /// <summary>Rows of logits that one batch may ask for, drafts included; each takes 4 bytes a token of the vocabulary.</summary>
    private const int MaxOutputs = 64;

    /// <summary>
    /// A model with less weights than this is computed by one thread: its operations are so short that two threads mostly wait for each other,
    /// and where a build takes the other core they wait for its time slices (measured with the starter: seconds instead of milliseconds an answer).
    /// </summary>
    private const long SmallModelBytes = 64L * 1024 * 1024;

    private const int DefaultMicroBatchSize = 512;

    /// <summary>What a small model computes in one piece then stays in the processor's caches: 4 to 7 % faster with the starter than 512 tokens.</summary>
    private const int SmallModelMicroBatchSize = 128;

    /// <summary>Values in one block of <see cref="CacheType.Q8"/>.</summary>
    private const int Q8Block = 32;

    /// <param name="hostBytes">System memory that the process may use.</param>
    /// <exception cref="InferenceException">The model does not fit into the machine.</exception>
    public static LoadPlan Create(LlamaEngineOptions options, GgufModel file, ImmutableArray<LlamaDevice> devices, long hostBytes)
    {
        var warnings = ImmutableArray.CreateBuilder<string>();
        var gpus = devices.Where(device => device.Kind is LlamaDeviceKind.Gpu or LlamaDeviceKind.IntegratedGpu).ToList();
        if (gpus.Count == 0 && (options.GpuLayers is > 0 or < 0))
        {
            warnings.Add("GPU layers were asked for, but llama.cpp found no GPU that it can use; the model runs on the CPU.");
        }

        var isSmall = gpus.Count == 0 && file.WeightBytes < SmallModelBytes;
        options = options with
        {
            MicroBatchSize = options.MicroBatchSize ?? (isSmall ? SmallModelMicroBatchSize : DefaultMicroBatchSize),
            CacheType = ChooseCacheType(options, file, warnings),
        };
        var slots = Math.Clamp(options.Slots, 1, 32);
        var length = options.ContextLength ?? Math.Min(file.ContextLength, DefaultContextLength);
        if (length > file.ContextLength)
        {
            warnings.Add($"A context of {length:N0} tokens is longer than the {file.ContextLength:N0} that {file.Name} was trained for.");
        }

        length = Math.Max(MinContextLength, length);
        var deviceBytes = gpus.Sum(gpu => gpu.FreeBytes);
        var (estimate, placement) = Place(options, file, gpus.Count > 0, deviceBytes, length, slots);
        while (options.ContextLength is null && length / 2 >= MinDefaultContextLength && HostBytes(estimate, placement) > hostBytes)
        {
            length /= 2;
            (estimate, placement) = Place(options, file, gpus.Count > 0, deviceBytes, length, slots);
        }

        if (HostBytes(estimate, placement) > hostBytes)
        {
            throw new InferenceException(
                InferenceError.OutOfMemory,
                $"{file.Name} needs about {Gibibytes(HostBytes(estimate, placement))} of memory with a context of {length:N0} tokens in {slots} slots, and this machine has {Gibibytes(hostBytes)}. Choose a smaller model or, if most of it is cache, a shorter context or fewer slots.");
        }

        var threads = file.WeightBytes < SmallModelBytes ? 1 : ProcessorTopology.CountPhysicalCores();
        var cpuExpertLayers = options.CpuExpertLayers ?? (options.GpuLayers is null ? placement?.CpuExpertLayers ?? 0 : 0);
        var model = new ModelLoadOptions(
            GpuLayers: gpus.Count == 0 ? 0 : options.GpuLayers ?? placement!.GpuLayers,
            options.MemoryMap,
            options.LockMemory,
            options.RepackWeights,
            options.MainGpu,
            options.SplitOverGpus,
            CpuTensorPatterns: gpus.Count == 0 ? [] : [.. Enumerable.Range(0, cpuExpertLayers).Select(layer => $@"blk\.{layer}\.ffn_(up|down|gate)_exps")],
            options.TensorSplit);
        var context = new ContextOptions(
            length,
            slots,
            BatchSize: Math.Max(options.MicroBatchSize.Value, MaxOutputs),
            options.MicroBatchSize.Value,
            MaxOutputs: Math.Max(MaxOutputs, slots),
            options.Threads ?? threads,
            options.BatchThreads ?? threads,
            options.FlashAttention,
            options.CacheType,
            options.FullSlidingWindowCache);
        return new LoadPlan(model, context, estimate, placement, warnings.ToImmutable());
    }

    /// <summary>llama.cpp makes no context whose values are quantized without flash attention, nor one whose heads are no whole number of blocks.</summary>
    private static CacheType ChooseCacheType(LlamaEngineOptions options, GgufModel file, ImmutableArray<string>.Builder warnings)
    {
        if (options.CacheType != CacheType.Q8)
        {
            return options.CacheType;
        }

        if (options.FlashAttention == false)
        {
            warnings.Add("A Q8 cache needs flash attention, which is turned off; the cache is half precision instead.");
            return CacheType.Half;
        }

        if (file.KeyLength % Q8Block != 0 || file.ValueLength % Q8Block != 0)
        {
            warnings.Add($"A Q8 cache needs attention heads of a multiple of {Q8Block} values, and those of {file.Name} have {file.KeyLength}; the cache is half precision instead.");
            return CacheType.Half;
        }

        return CacheType.Q8;
    }

    private static (ModelMemoryEstimate Estimate, GpuPlacement? Placement) Place(LlamaEngineOptions options, GgufModel file, bool hasGpu, long deviceBytes, int length, int slots)
    {
        var estimate = ModelMemoryEstimate.Create(file, new MemorySettings
        {
            SequenceLength = length,
            Sequences = slots,
            MicroBatchSize = options.MicroBatchSize ?? DefaultMicroBatchSize,
            MaxOutputs = MaxOutputs,
            CacheType = options.CacheType,
            FullSlidingWindowCache = options.FullSlidingWindowCache,
        });
        return (estimate, hasGpu ? estimate.PlaceOn(deviceBytes) : null);
    }

    private static long HostBytes(ModelMemoryEstimate estimate, GpuPlacement? placement) => placement?.HostBytes ?? estimate.TotalBytes;

    private static string Gibibytes(long bytes) => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{bytes / 1073741824.0:F1} GiB");
}
