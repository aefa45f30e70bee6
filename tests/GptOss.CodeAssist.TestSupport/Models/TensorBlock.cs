namespace GptOss.CodeAssist.TestSupport.Models;

/// <summary>The unit in which a format stores elements.</summary>
internal readonly record struct TensorBlock(int Elements, int Bytes)
{
    public static TensorBlock Of(TensorFormat format) => format switch
    {
        TensorFormat.F32 => new(1, 4),
        TensorFormat.F16 => new(1, 2),
        TensorFormat.Q8 => new(32, 34),
        TensorFormat.Mxfp4 => new(32, 17),
        _ => throw new ArgumentOutOfRangeException(nameof(format)),
    };
}
