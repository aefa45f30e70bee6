using GptOss.CodeAssist.Inference.Llama.Gguf;
using GptOss.CodeAssist.TestSupport;
using GptOss.CodeAssist.TestSupport.Models;

namespace GptOss.CodeAssist.Inference.Llama.Tests.Gguf;

/// <summary>Files that are sound GGUF but no model that can be run; on many of them llama.cpp would end the process.</summary>
public sealed class ImpossibleModelTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string ModelPath => _folder.PathOf("model.gguf");

    [Fact]
    public void The_minimal_model_itself_is_accepted()
    {
        var model = GgufModel.Read(MinimalModel.Write(ModelPath));

        Assert.Equal("model", model.Name);
        Assert.Equal(3, model.VocabularySize);
        Assert.Equal((32 * 3) + 32 + 4, model.ParameterCount);
        Assert.Equal((34 * 3) + (4 * 32) + (4 * 4), model.WeightBytes);
    }

    [Fact]
    public void An_unknown_architecture_is_refused() => Check(
        "'FILE' has the architecture 'gpt-oss-9', which llama.cpp v0.4.0 does not know. Use a gpt-oss model ('gptoss-codeassist model pull'), or update gptoss-codeassist.",
        ("general.architecture", "gpt-oss-9"));

    [Fact]
    public void A_model_that_does_not_write_text_is_refused() => Check(
        "'FILE' has the architecture 'bert', which does not write text token by token. Use a gpt-oss model, for instance with 'gptoss-codeassist model pull'.",
        ("general.architecture", "bert"));

    [Fact]
    public void Another_architecture_that_llama_cpp_loads_is_accepted()
    {
        MinimalModel.Write(ModelPath, ("general.architecture", "qwen2"), ("qwen2.block_count", 3u), ("qwen2.embedding_length", 64u), ("qwen2.context_length", 99u), ("qwen2.attention.head_count", 4u));

        var model = GgufModel.Read(ModelPath);

        Assert.Equal((3, 99, 16, 0), (model.BlockCount, model.ContextLength, model.KeyLength, model.SlidingWindow));
        Assert.Equal([4, 4, 4], model.KeyValueHeadCounts);
        Assert.Equal([false, false, false], model.SlidingWindowLayers);
    }

    [Theory]
    [InlineData("general.architecture", null, "does not name its architecture ('general.architecture')")]
    [InlineData("gpt-oss.block_count", null, "lacks 'gpt-oss.block_count'")]
    [InlineData("gpt-oss.block_count", 513u, "says 513 for 'gpt-oss.block_count', which must be at least 1 and at most 512")]
    [InlineData("gpt-oss.context_length", 0u, "says 0 for 'gpt-oss.context_length', which must be at least 1")]
    [InlineData("gpt-oss.embedding_length", "wide", "lacks 'gpt-oss.embedding_length'")]
    [InlineData("gpt-oss.attention.sliding_window", null, "lacks 'gpt-oss.attention.sliding_window'")]
    [InlineData("gpt-oss.attention.sliding_window", 0u, "says 0 for 'gpt-oss.attention.sliding_window', which must be at least 1")]
    [InlineData("gpt-oss.expert_feed_forward_length", null, "lacks 'gpt-oss.expert_feed_forward_length'")]
    [InlineData("gpt-oss.expert_count", 2000u, "says 2000 for 'gpt-oss.expert_count', which must be at least 0 and at most 1024")]
    [InlineData("gpt-oss.expert_used_count", 5u, "uses 5 of 4 experts")]
    [InlineData("gpt-oss.expert_used_count", null, "uses 0 of 4 experts")]
    [InlineData("gpt-oss.attention.head_count_kv", 3u, "shares 3 key/value heads among 4 query heads")]
    [InlineData("gpt-oss.attention.head_count_kv", 0u, "shares 0 key/value heads among 4 query heads")]
    [InlineData("gpt-oss.attention.value_length", 8u, "has heads of 16 (keys), 8 (values) and 16 (rotated) elements, which must be one even number")]
    [InlineData("gpt-oss.rope.dimension_count", 8u, "has heads of 16 (keys), 16 (values) and 8 (rotated) elements, which must be one even number")]
    [InlineData("gpt-oss.rope.scaling.type", "elastic", "scales positions by the unknown rule 'elastic'")]
    [InlineData("tokenizer.ggml.tokens", null, "has no vocabulary ('tokenizer.ggml.tokens')")]
    public void Impossible_metadata_are_refused(string key, object? value, string complaint) =>
        Check($"'FILE' is damaged: it {complaint}. Fetch it again, for instance with 'gptoss-codeassist model pull'.", (key, value));

    [Fact]
    public void A_vocabulary_with_a_text_for_two_tokens_is_refused() => Check(
        "'FILE' is damaged: it has two tokens 'b'. Fetch it again, for instance with 'gptoss-codeassist model pull'.",
        ("tokenizer.ggml.tokens", new[] { "a", "b", "b" }));

    [Fact]
    public void A_vocabulary_without_a_type_for_every_token_is_refused() => Check(
        "'FILE' is damaged: it does not give every token a type ('tokenizer.ggml.token_type'). Fetch it again, for instance with 'gptoss-codeassist model pull'.",
        ("tokenizer.ggml.token_type", new[] { 1, 1 }));

    [Fact]
    public void Numbers_for_another_number_of_layers_are_refused() => Check(
        "'FILE' is damaged: it gives 'gpt-oss.attention.head_count_kv' for 3 layers of 2. Fetch it again, for instance with 'gptoss-codeassist model pull'.",
        ("gpt-oss.attention.head_count_kv", new[] { 2, 2, 2 }));

    [Fact]
    public void Attention_sinks_that_are_not_single_precision_are_refused()
    {
        MinimalModel.Write(ModelPath, [("blk.0.attn_sinks.weight", TensorFormat.F16, [4])]);

        Check("'FILE' is damaged: it stores the tensor 'blk.0.attn_sinks.weight' as F16, which must be F32. Fetch it again, for instance with 'gptoss-codeassist model pull'.");
    }

    [Fact]
    public void A_file_without_tensors_is_refused()
    {
        MinimalModel.Write(ModelPath, tensors: []);

        Check("'FILE' is damaged: it holds no weights, only a header. Fetch it again, for instance with 'gptoss-codeassist model pull'.");
    }

    public void Dispose() => _folder.Dispose();

    private void Check(string message, params (string Key, object? Value)[] changes)
    {
        if (changes.Length > 0)
        {
            MinimalModel.Write(ModelPath, changes);
        }

        var refusal = Assert.Throws<InferenceException>(() => GgufModel.Read(ModelPath));

        Assert.Equal(message, refusal.Message.Replace(ModelPath, "FILE", StringComparison.Ordinal));
        Assert.Equal(InferenceError.ModelInvalid, refusal.Error);
    }
}
