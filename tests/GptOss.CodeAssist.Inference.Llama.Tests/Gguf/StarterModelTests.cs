using GptOss.CodeAssist.Inference.Llama.Gguf;

namespace GptOss.CodeAssist.Inference.Llama.Tests.Gguf;

public sealed class StarterModelTests
{
    [Fact]
    public void The_starter_model_says_that_it_completes_and_does_not_chat()
    {
        var model = GgufModel.Read(Path.Combine(AppContext.BaseDirectory, "models", "starter.gguf"));

        var description = model.Describe(contextLength: 2048);
        Assert.Equal("gpt-oss", description.Architecture);
        Assert.Equal(PromptStyle.FimSuffixPrefixMiddle, description.PromptStyle);
        Assert.False(description.CanChat);
        Assert.Equal((1200, 300), (description.MaxPrefixTokens, description.MaxSuffixTokens));
        Assert.Equal(2048, model.ContextLength);
        Assert.Equal(128, model.SlidingWindow);
        Assert.True(model.SlidingWindowLayers[0]);
        Assert.False(model.SlidingWindowLayers[1]);
        Assert.InRange(description.ParameterCount, 20_000_000, 40_000_000);
        Assert.Superset(new HashSet<string> { "<|fim_prefix|>", "<|fim_suffix|>", "<|fim_middle|>", "<|endoftext|>" }, description.SpecialTokens.ToHashSet());
        Assert.Single(model.Files);
        Assert.Equal(model.Files[0].Length, model.Files[0].DataOffset + model.Files[0].Tensors[^1].Offset + model.Files[0].Tensors[^1].Bytes);
    }
}
