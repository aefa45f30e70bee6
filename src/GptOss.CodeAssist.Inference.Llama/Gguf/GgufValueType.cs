using System.Diagnostics.CodeAnalysis;

namespace GptOss.CodeAssist.Inference.Llama.Gguf;

/// <summary>The types a metadata value can have; numbers as in the file (<c>gguf_type</c> in llama.cpp's gguf.h).</summary>
[SuppressMessage("Naming", "CA1720", Justification = "The members are types; these are their names.")]
public enum GgufValueType
{
    UInt8 = 0,
    Int8 = 1,
    UInt16 = 2,
    Int16 = 3,
    UInt32 = 4,
    Int32 = 5,
    Float32 = 6,
    Boolean = 7,
    Text = 8,
    Array = 9,
    UInt64 = 10,
    Int64 = 11,
    Float64 = 12,
}
