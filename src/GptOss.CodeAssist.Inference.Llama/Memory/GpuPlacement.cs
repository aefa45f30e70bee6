namespace GptOss.CodeAssist.Inference.Llama.Memory;

/// <summary>What goes to a GPU, and what stays in system memory.</summary>
/// <param name="GpuLayers">As <see cref="LlamaEngineOptions.GpuLayers"/>: one more than the model has layers puts the output matrix on the GPU too.</param>
/// <param name="CpuExpertLayers">As <see cref="LlamaEngineOptions.CpuExpertLayers"/>.</param>
/// <param name="DeviceBytes">Bytes needed on the GPU.</param>
/// <param name="HostBytes">Bytes needed in system memory.</param>
public sealed record GpuPlacement(int GpuLayers, int CpuExpertLayers, long DeviceBytes, long HostBytes);
