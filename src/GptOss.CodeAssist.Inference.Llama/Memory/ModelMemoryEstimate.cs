using System.Collections.Immutable;
using System.Globalization;
using GptOss.CodeAssist.Inference.Llama.Gguf;

namespace GptOss.CodeAssist.Inference.Llama.Memory;

/// <summary>The memory that a model and its context will take, from the file's header alone. All sizes in bytes.</summary>
/// <remarks>
/// Weights and cache are exact for gpt-oss; what computing takes is an estimate from the widest part of the graph.
/// Other architectures may keep more or less in their cache than plain attention does; for those with sliding windows the cache is an upper bound.
/// </remarks>
public sealed record ModelMemoryEstimate
{
    // llama.cpp rounds a sequence's cells up to this (src/llama-context.cpp, src/llama-kv-cache-iswa.cpp).
    private const int CellPadding = 256;

    // Free memory that a driver reports is not all to be had.
    private const long DeviceReserve = 256L * 1024 * 1024;

    private readonly ImmutableArray<LayerSize> _layers;

    private ModelMemoryEstimate(ImmutableArray<LayerSize> layers) => _layers = layers;

    /// <summary>All weights.</summary>
    public required long WeightBytes { get; init; }

    /// <summary>Those weights that are experts' matrices.</summary>
    public required long ExpertBytes { get; init; }

    /// <summary>The cache of the layers that look at everything.</summary>
    public required long FullCacheBytes { get; init; }

    /// <summary>The cache of the layers that look through the sliding window.</summary>
    public required long SlidingWindowCacheBytes { get; init; }

    /// <summary>What computing one batch takes; an estimate.</summary>
    public required long ComputeBytes { get; init; }

    /// <summary>The output matrix and norm, which come after the last layer.</summary>
    public required long OutputBytes { get; init; }

    /// <summary>Keys and values of all layers.</summary>
    public long CacheBytes => FullCacheBytes + SlidingWindowCacheBytes;

    /// <summary>Everything together.</summary>
    public long TotalBytes => WeightBytes + CacheBytes + ComputeBytes;

    /// <summary>Works out what <paramref name="model"/> will take with these settings.</summary>
    public static ModelMemoryEstimate Create(GgufModel model, MemorySettings settings)
    {
        var fullCells = RoundUp(settings.SequenceLength);
        var windowCells = settings.FullSlidingWindowCache ? fullCells : RoundUp(Math.Min(fullCells, (long)model.SlidingWindow + settings.MicroBatchSize));
        var layers = Enumerable.Range(0, model.BlockCount).Select(layer =>
        {
            var prefix = string.Create(CultureInfo.InvariantCulture, $"blk.{layer}.");
            var tensors = model.Tensors.Where(tensor => tensor.Name.StartsWith(prefix, StringComparison.Ordinal)).ToArray();
            var experts = tensors.Where(IsExpert).Sum(tensor => tensor.Bytes);
            var cells = (model.SlidingWindowLayers[layer] ? windowCells : fullCells) * settings.Sequences;
            return new LayerSize(tensors.Sum(tensor => tensor.Bytes) - experts, experts, cells * BytesPerCell(model, layer, settings.CacheType));
        }).ToImmutableArray();
        return new ModelMemoryEstimate(layers)
        {
            WeightBytes = model.WeightBytes,
            ExpertBytes = layers.Sum(layer => layer.ExpertBytes),
            FullCacheBytes = layers.Where((_, layer) => !model.SlidingWindowLayers[layer]).Sum(layer => layer.CacheBytes),
            SlidingWindowCacheBytes = layers.Where((_, layer) => model.SlidingWindowLayers[layer]).Sum(layer => layer.CacheBytes),
            ComputeBytes = EstimateCompute(model, settings, model.SlidingWindow > 0 ? fullCells + windowCells : fullCells),
            OutputBytes = model.Tensors.Where(tensor => tensor.Name.StartsWith("output", StringComparison.Ordinal)).Sum(tensor => tensor.Bytes),
        };
    }

    /// <summary>Chooses what goes to a GPU with <paramref name="freeBytes"/> of free memory.</summary>
    /// <remarks>
    /// Everything, where it fits. Otherwise experts' matrices leave first, layer by layer: they are most of the weights and each token uses few of them, whereas attention
    /// and the cache are used whole. Only when even that does not fit do whole layers stay behind.
    /// </remarks>
    public GpuPlacement PlaceOn(long freeBytes)
    {
        var budget = freeBytes - DeviceReserve - ComputeBytes;
        var attention = _layers.Sum(layer => layer.OtherBytes + layer.CacheBytes) + OutputBytes;
        if (attention <= budget)
        {
            var cpuExperts = 0;
            var experts = ExpertBytes;
            while (attention + experts > budget)
            {
                experts -= _layers[cpuExperts++].ExpertBytes;
            }

            return Placement(_layers.Length + 1, cpuExperts, attention + experts + ComputeBytes);
        }

        // llama.cpp puts the last layers on the GPU first; their experts stay in system memory with those of all others.
        var hasExperts = ExpertBytes > 0;
        var (onGpu, used) = (0, 0L);
        foreach (var layer in _layers.Reverse())
        {
            var bytes = layer.OtherBytes + layer.CacheBytes + (hasExperts ? 0 : layer.ExpertBytes);
            if (used + bytes > budget)
            {
                break;
            }

            (onGpu, used) = (onGpu + 1, used + bytes);
        }

        return onGpu == 0 ? new GpuPlacement(0, 0, 0, TotalBytes) : Placement(onGpu, hasExperts ? _layers.Length : 0, used + ComputeBytes);

        GpuPlacement Placement(int gpuLayers, int cpuExpertLayers, long device) => new(gpuLayers, cpuExpertLayers, device, TotalBytes - device + ComputeBytes);
    }

    private static bool IsExpert(GgufTensor tensor) => tensor.Name.Contains("_exps.", StringComparison.Ordinal) && tensor.Name.EndsWith(".weight", StringComparison.Ordinal);

    private static long BytesPerCell(GgufModel model, int layer, CacheType type)
    {
        var elements = (long)model.KeyValueHeadCounts[layer] * (model.KeyLength + model.ValueLength);
        return type switch
        {
            CacheType.Full => elements * 4,
            CacheType.Q8 => elements * 34 / 32,
            _ => elements * 2,
        };
    }

    /// <summary>
    /// The widest place of the graph, with flash attention: either the experts' products of a whole batch or the logits, which are never alive together, beside a half-precision mask.
    /// Within 12 % of what llama.cpp v0.4.0 reserves for gpt-oss-20b.
    /// </summary>
    private static long EstimateCompute(GgufModel model, MemorySettings settings, long maskedCells)
    {
        var expertWidth = model.Tensors.FirstOrDefault(tensor => IsExpert(tensor) && tensor.Name.Contains("ffn_up", StringComparison.Ordinal))?.Shape[1] ?? 4L * model.EmbeddingLength;
        var expertRow = Math.Max(1, model.ExpertUsedCount) * ((3 * expertWidth) + model.EmbeddingLength);
        var attentionRow = (long)model.KeyLength * ((3 * model.HeadCount) + (2 * model.KeyValueHeadCounts.Max()));
        var rows = Math.Max(expertRow, attentionRow) * settings.MicroBatchSize;
        var logits = (long)settings.MaxOutputs * model.VocabularySize;
        var bytes = (4 * Math.Max(rows, logits)) + (2 * maskedCells * settings.MicroBatchSize);
        return bytes + (bytes / 20);
    }

    private static long RoundUp(long cells) => (cells + CellPadding - 1) / CellPadding * CellPadding;

    private sealed record LayerSize(long OtherBytes, long ExpertBytes, long CacheBytes);
}
