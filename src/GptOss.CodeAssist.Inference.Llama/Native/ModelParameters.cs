using System.Runtime.InteropServices;

namespace GptOss.CodeAssist.Inference.Llama.Native;

/// <summary>llama.cpp v0.4.0's <c>llama_model_params</c>, 80 bytes. Start from <c>llama_model_default_params</c>, never from zero.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct ModelParameters
{
    public nint* Devices;
    public TensorBufferOverride* TensorBufferOverrides;
    public int GpuLayers;
    public int SplitMode;
    public int LoadMode;
    public int LazyMode;
    public int MainGpu;
    public float* TensorSplit;
    public delegate* unmanaged[Cdecl]<float, nint, byte> ProgressCallback;
    public nint ProgressCallbackUserData;
    public nint KeyValueOverrides;
    public byte VocabularyOnly;
    public byte CheckTensors;
    public byte UseExtraBuffers;
    public byte NoHost;
    public byte NoAllocation;
    public byte LoadMtp;
}

/// <summary>llama.cpp's <c>llama_model_tensor_buft_override</c>: tensors whose name matches a pattern go to a buffer type.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct TensorBufferOverride
{
    public byte* Pattern;
    public nint BufferType;
}
