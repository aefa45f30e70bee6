using System.Collections.Immutable;

namespace GptOss.CodeAssist.Inference.Llama;

/// <summary>What <see cref="LlamaSystem.Inspect"/> found.</summary>
/// <param name="NativeFolder">Where the libraries were looked for.</param>
/// <param name="Version">llama.cpp's version; null when it could not be loaded.</param>
/// <param name="Devices">CPU, GPUs and accelerators.</param>
/// <param name="CpuFeatures">Instruction sets that the CPU backend uses.</param>
/// <param name="Failure">Why the libraries could not be loaded, for a person; null when they were.</param>
public sealed record LlamaSystemReport(
    string NativeFolder,
    string? Version,
    ImmutableArray<LlamaDevice> Devices,
    ImmutableArray<string> CpuFeatures,
    string? Failure)
{
    /// <summary>The GPU backend that this build asked for and could not use, for instance <c>vulkan</c>; null when all is well.</summary>
    public string? UnusableBackend { get; init; }
}
