using System.Security.Cryptography;
using System.Text;
using GptOss.CodeAssist.Inference.Llama.Gguf;
using GptOss.CodeAssist.TestSupport;
using GptOss.CodeAssist.TestSupport.Models;

namespace GptOss.CodeAssist.Inference.Llama.Tests.Gguf;

public sealed class SmallModelTests
{
    [Fact]
    public void A_small_model_is_described_as_it_was_asked_for()
    {
        var options = new SmallModelOptions
        {
            Layers = 3,
            Width = 96,
            Heads = 6,
            KeyValueHeads = 3,
            Experts = 8,
            ExpertsUsed = 3,
            SlidingWindow = 48,
            ContextLength = 1024,
            PromptStyle = "harmony",
            Chat = false,
            MaxPrefixTokens = 77,
        };

        var model = GgufModel.Read(SmallModel.GetPath(options));

        Assert.Equal("small gpt-oss", model.Name);
        Assert.Equal((3, 96, 6, 32, 32), (model.BlockCount, model.EmbeddingLength, model.HeadCount, model.KeyLength, model.ValueLength));
        Assert.Equal([3, 3, 3], model.KeyValueHeadCounts);
        Assert.Equal([true, false, true], model.SlidingWindowLayers);
        Assert.Equal((8, 3, 48, 1024), (model.ExpertCount, model.ExpertUsedCount, model.SlidingWindow, model.ContextLength));
        Assert.Equal((PromptStyle.Harmony, false, 77, null), (model.PromptStyle, model.CanChat, model.MaxPrefixTokens, model.MaxSuffixTokens));
        Assert.InRange(model.VocabularySize, 2048, 4096);
    }

    [Theory]
    [InlineData(true, true, PromptStyle.FimSuffixPrefixMiddle, true)]
    [InlineData(true, false, PromptStyle.Harmony, true)]
    [InlineData(false, true, PromptStyle.FimSuffixPrefixMiddle, false)]
    [InlineData(false, false, PromptStyle.PrefixOnly, false)]
    public void Without_metadata_the_vocabulary_decides_the_prompt_style(bool harmony, bool fim, PromptStyle style, bool chat)
    {
        var model = GgufModel.Read(SmallModel.GetPath(new SmallModelOptions { HarmonyTokens = harmony, FimTokens = fim }));

        Assert.Equal((style, chat), (model.PromptStyle, model.CanChat));
    }

    [Fact]
    public void A_prompt_style_that_the_vocabulary_cannot_write_is_not_believed()
    {
        var model = GgufModel.Read(SmallModel.GetPath(new SmallModelOptions { FimTokens = false, PromptStyle = "fim-suffix-prefix-middle" }));

        Assert.Equal(PromptStyle.Harmony, model.PromptStyle);
    }

    [Fact]
    public void Equal_options_give_equal_bytes_and_another_seed_gives_others()
    {
        using var folder = new TemporaryFolder();
        var first = Write(new SmallModelOptions());
        var again = Write(new SmallModelOptions());
        var other = Write(new SmallModelOptions { Seed = 2 });

        Assert.Equal(first, again);
        Assert.NotEqual(first, other);

        string Write(SmallModelOptions options)
        {
            var path = folder.PathOf("model.gguf");
            SmallModel.Write(options, path);
            return Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(path)));
        }
    }

    [Theory]
    [InlineData(TensorFormat.F16, GgufTensorType.F16)]
    [InlineData(TensorFormat.Q8, GgufTensorType.Q8_0)]
    [InlineData(TensorFormat.Mxfp4, GgufTensorType.MXFP4)]
    public void Experts_are_stored_as_asked(TensorFormat asked, GgufTensorType stored)
    {
        var model = GgufModel.Read(SmallModel.GetPath(new SmallModelOptions { ExpertFormat = asked }));

        Assert.All(model.Tensors.Where(tensor => tensor.Name.EndsWith("_exps.weight", StringComparison.Ordinal)), tensor => Assert.Equal(stored, tensor.Type));
    }

    [Fact]
    public async Task One_file_is_written_however_many_threads_ask_for_it()
    {
        var options = new SmallModelOptions { Seed = 12345 };

        var paths = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => SmallModel.GetPath(options))));

        Assert.Single(paths.Distinct());
    }

    [Fact]
    public void The_full_vocabulary_has_gpt_oss_own_size_and_control_tokens()
    {
        var model = GgufModel.Read(SmallModel.GetPath(new SmallModelOptions { FullVocabulary = true, FimTokens = false, Width = 32, Layers = 1 }));

        Assert.Equal(201_088, model.VocabularySize);
        var tokens = model.Files[0].ReadTexts(model.Files[0].FindArray("tokenizer.ggml.tokens")!);
        Assert.Equal("<|start|>", Encoding.UTF8.GetString(tokens[200_006]));
        Assert.Equal("<|message|>", Encoding.UTF8.GetString(tokens[200_008]));
        Assert.Equal("<|call|>", Encoding.UTF8.GetString(tokens[200_012]));
        Assert.Equal("final", Encoding.UTF8.GetString(tokens[17_196]));
    }
}
