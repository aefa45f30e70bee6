namespace GptOss.CodeAssist.Inference.Llama;

/// <summary>A device that llama.cpp can compute on.</summary>
/// <param name="Name">llama.cpp's name, for instance <c>CPU</c> or <c>CUDA0</c>.</param>
/// <param name="Description">The hardware's name.</param>
/// <param name="Kind">What sort of device it is.</param>
/// <param name="FreeBytes">Free memory in bytes; 0 where the device does not say.</param>
/// <param name="TotalBytes">All memory in bytes; 0 where the device does not say.</param>
public sealed record LlamaDevice(string Name, string Description, LlamaDeviceKind Kind, long FreeBytes, long TotalBytes);
