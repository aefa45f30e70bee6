namespace GptOss.CodeAssist.Inference.Llama;

/// <summary>Number format of the KV cache; the values are ggml's.</summary>
public enum CacheType
{
    /// <summary>4 bytes a value: twice the memory of the default, for exact comparisons.</summary>
    Full = 0,

    /// <summary>2 bytes a value: the default.</summary>
    Half = 1,

    /// <summary>1.06 bytes a value: about half the default's memory; some GPUs are slower with it.</summary>
    Q8 = 8,
}
