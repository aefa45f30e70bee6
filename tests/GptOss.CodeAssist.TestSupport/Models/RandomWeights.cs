using System.Buffers.Binary;

namespace GptOss.CodeAssist.TestSupport.Models;

/// <summary>Writes tensors of random weights, all different in a small tensor, a long pattern repeated in a large one.</summary>
internal static class RandomWeights
{
    // A prime, so that the pattern does not line up with rows; 65,537 blocks of 32 elements are more than any small model's tensor has.
    private const int MostBlocks = 65_537;

    // Root mean square of a uniform variable in [-1, 1].
    private const float UniformDeviation = 0.57735f;

    // Root mean square of ggml's doubled E2M1 values 0, 1, 2, 3, 4, 6, 8, 12.
    private const float Mxfp4Deviation = 5.852f;

    /// <summary>Writes <paramref name="elements"/> weights of the given mean and standard deviation. Only F32 honours a mean other than 0.</summary>
    public static void Write(Stream stream, TensorFormat format, long elements, float deviation, ulong seed, float mean = 0)
    {
        var block = TensorBlock.Of(format);

        // Formats that store single elements are filled in groups of 32 as well.
        var group = 32 / block.Elements;
        var groups = (elements / block.Elements + group - 1) / group;
        var pattern = new byte[Math.Min(groups, MostBlocks) * group * block.Bytes];
        Fill(pattern, format, deviation, mean, new RandomBits(seed));
        for (var left = elements / block.Elements * block.Bytes; left > 0; left -= pattern.Length)
        {
            stream.Write(pattern, 0, (int)Math.Min(left, pattern.Length));
        }
    }

    private static void Fill(Span<byte> pattern, TensorFormat format, float deviation, float mean, RandomBits random)
    {
        switch (format)
        {
            case TensorFormat.F32:
                for (var i = 0; i < pattern.Length; i += 4)
                {
                    BinaryPrimitives.WriteSingleLittleEndian(pattern[i..], mean + (random.NextSigned() * deviation / UniformDeviation));
                }

                break;
            case TensorFormat.F16:
                for (var i = 0; i < pattern.Length; i += 2)
                {
                    BinaryPrimitives.WriteHalfLittleEndian(pattern[i..], (Half)(random.NextSigned() * deviation / UniformDeviation));
                }

                break;
            case TensorFormat.Q8:
                // A block is a 16-bit scale and 32 signed bytes.
                for (var i = 0; i < pattern.Length; i += 34)
                {
                    FillBytes(pattern.Slice(i, 34), random);
                    BinaryPrimitives.WriteHalfLittleEndian(pattern[i..], (Half)(deviation / UniformDeviation / 128));
                }

                break;
            case TensorFormat.Mxfp4:
                // A block is a power of two and 32 nibbles; an element is kvalues[nibble] * 2^(e - 128).
                var exponent = (byte)(128 + (int)MathF.Round(MathF.Log2(deviation / Mxfp4Deviation)));
                for (var i = 0; i < pattern.Length; i += 17)
                {
                    FillBytes(pattern.Slice(i, 17), random);
                    pattern[i] = exponent;
                }

                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(format));
        }
    }

    private static void FillBytes(Span<byte> bytes, RandomBits random)
    {
        for (; bytes.Length >= 8; bytes = bytes[8..])
        {
            BinaryPrimitives.WriteUInt64LittleEndian(bytes, random.Next());
        }

        var rest = random.Next();
        foreach (ref var one in bytes)
        {
            one = (byte)rest;
            rest >>= 8;
        }
    }
}
