namespace GptOss.CodeAssist.Inference.Llama;

/// <summary>ggml's device types; the values are ggml's.</summary>
public enum LlamaDeviceKind
{
    Cpu = 0,

    /// <summary>A GPU with memory of its own.</summary>
    Gpu = 1,

    /// <summary>A GPU that uses the system's memory.</summary>
    IntegratedGpu = 2,

    /// <summary>Works beside the CPU backend, for instance BLAS.</summary>
    Accelerator = 3,

    /// <summary>Several devices behind one name.</summary>
    Meta = 4,
}
