namespace GptOss.CodeAssist.Inference.Llama.Gguf;

/// <summary>One metadata value, a closed family.</summary>
/// <param name="Type">The type as written in the file; llama.cpp refuses some keys when it is not the one it expects.</param>
public abstract record GgufValue(GgufValueType Type)
{
    /// <summary>Any integer type. Wide enough for both 64-bit types.</summary>
    public sealed record WholeNumber(GgufValueType Type, Int128 Value) : GgufValue(Type);

    /// <summary>A 32-bit or 64-bit floating-point number.</summary>
    public sealed record Number(GgufValueType Type, double Value) : GgufValue(Type);

    /// <summary>True or false.</summary>
    public sealed record Boolean(bool Value) : GgufValue(GgufValueType.Boolean);

    /// <summary>UTF-8 text; bytes that are not UTF-8 are replaced.</summary>
    public sealed record Text(string Value) : GgufValue(GgufValueType.Text);

    /// <summary>Where an array lies in the file. Its elements are read only when asked for, because vocabularies are megabytes long.</summary>
    /// <param name="ElementType">Never <see cref="GgufValueType.Array"/>: llama.cpp knows no nested arrays.</param>
    /// <param name="Count">Number of elements.</param>
    /// <param name="Offset">First byte of the first element, counted from the start of the file.</param>
    public sealed record Array(GgufValueType ElementType, long Count, long Offset) : GgufValue(GgufValueType.Array);
}
