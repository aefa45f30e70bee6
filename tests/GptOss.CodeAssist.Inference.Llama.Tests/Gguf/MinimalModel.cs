using GptOss.CodeAssist.TestSupport.Models;

namespace GptOss.CodeAssist.Inference.Llama.Tests.Gguf;

/// <summary>The least that passes as a gpt-oss model before llama.cpp sees it, with anything changed that a test wants changed.</summary>
internal static class MinimalModel
{
    /// <summary>Writes the model to <paramref name="path"/>.</summary>
    /// <param name="path">Where to.</param>
    /// <param name="changes">Metadata to replace or add; a null value removes the key.</param>
    /// <returns>The path.</returns>
    public static string Write(string path, params (string Key, object? Value)[] changes) => Write(path, Tensors(), changes);

    /// <summary>Writes the model with other tensors.</summary>
    public static string Write(string path, IEnumerable<(string Name, TensorFormat Format, long[] Shape)> tensors, params (string Key, object? Value)[] changes)
    {
        var metadata = new OrderedDictionary<string, object?>
        {
            ["general.architecture"] = "gpt-oss",
            ["gpt-oss.block_count"] = 2u,
            ["gpt-oss.context_length"] = 512u,
            ["gpt-oss.embedding_length"] = 32u,
            ["gpt-oss.attention.head_count"] = 4u,
            ["gpt-oss.attention.head_count_kv"] = 2u,
            ["gpt-oss.attention.key_length"] = 16u,
            ["gpt-oss.attention.value_length"] = 16u,
            ["gpt-oss.attention.sliding_window"] = 8u,
            ["gpt-oss.expert_count"] = 4u,
            ["gpt-oss.expert_used_count"] = 2u,
            ["gpt-oss.expert_feed_forward_length"] = 32u,
            ["tokenizer.ggml.tokens"] = new[] { "a", "b", "<|start|>" },
            ["tokenizer.ggml.token_type"] = new[] { 1, 1, 3 },
        };
        foreach (var (key, value) in changes)
        {
            metadata[key] = value;
        }

        var writer = new GgufWriter();
        foreach (var (key, value) in metadata)
        {
            if (value is not null)
            {
                writer.Add(key, value);
            }
        }

        foreach (var (name, format, shape) in tensors)
        {
            writer.AddTensor(name, format, shape, stream => stream.Write(new byte[SizeOf(format, shape)]));
        }

        using var stream = File.Create(path);
        writer.WriteTo(stream);
        return path;
    }

    private static IEnumerable<(string Name, TensorFormat Format, long[] Shape)> Tensors() =>
    [
        ("token_embd.weight", TensorFormat.Q8, [32, 3]),
        ("output_norm.weight", TensorFormat.F32, [32]),
        ("blk.0.attn_sinks.weight", TensorFormat.F32, [4]),
    ];

    private static long SizeOf(TensorFormat format, long[] shape)
    {
        var elements = shape.Aggregate(1L, (product, size) => product * size);
        return format switch
        {
            TensorFormat.F32 => elements * 4,
            TensorFormat.F16 => elements * 2,
            TensorFormat.Q8 => elements / 32 * 34,
            _ => elements / 32 * 17,
        };
    }
}
