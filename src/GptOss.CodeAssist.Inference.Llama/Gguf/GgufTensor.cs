using System.Collections.Immutable;

namespace GptOss.CodeAssist.Inference.Llama.Gguf;

/// <summary>A tensor as the header describes it; its data is not read.</summary>
/// <param name="Name">For instance <c>blk.0.attn_q.weight</c>.</param>
/// <param name="Type">How elements are stored.</param>
/// <param name="Shape">One to four sizes; the first is the contiguous one (ggml's <c>ne</c> order).</param>
/// <param name="Offset">First byte, counted from the file's <see cref="GgufFile.DataOffset"/>.</param>
/// <param name="Bytes">Bytes of data, without padding.</param>
public sealed record GgufTensor(string Name, GgufTensorType Type, ImmutableArray<long> Shape, long Offset, long Bytes)
{
    /// <summary>Number of weights. Cannot overflow: the reader refuses tensors that would.</summary>
    public long Elements => Shape.Aggregate(1L, (product, size) => product * size);
}
