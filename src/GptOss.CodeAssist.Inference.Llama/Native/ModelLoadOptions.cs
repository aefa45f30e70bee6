using System.Collections.Immutable;

namespace GptOss.CodeAssist.Inference.Llama.Native;

/// <summary>How a model's weights are loaded.</summary>
/// <param name="GpuLayers">Layers on the GPU; negative for all.</param>
/// <param name="CpuTensorPatterns">Regular expressions of tensor names that stay in system memory although their layer is on the GPU.</param>
/// <param name="TensorSplit">Proportion of the model for each GPU; empty lets llama.cpp decide.</param>
internal sealed record ModelLoadOptions(
    int GpuLayers,
    bool MemoryMap,
    bool LockMemory,
    bool RepackWeights,
    int MainGpu,
    bool SplitOverGpus,
    ImmutableArray<string> CpuTensorPatterns,
    ImmutableArray<float> TensorSplit);
