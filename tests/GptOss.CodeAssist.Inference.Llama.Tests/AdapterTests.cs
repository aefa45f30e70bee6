using GptOss.CodeAssist.TestSupport;
using GptOss.CodeAssist.TestSupport.Models;
using Microsoft.Extensions.Logging.Abstractions;

namespace GptOss.CodeAssist.Inference.Llama.Tests;

/// <summary>LoRA adapters that the tests make themselves, on a model that the tests make themselves.</summary>
public sealed class AdapterTests : IDisposable
{
    private static readonly SmallModelOptions Options = new() { ExpertFormat = TensorFormat.F16 };

    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_adapter_changes_the_answer_by_its_scale_and_not_at_all_with_scale_0()
    {
        var path = _folder.PathOf("adapter.gguf");
        SmallModel.WriteAdapter(Options, path);

        var without = await ScoreAsync();
        var off = await ScoreAsync(new LoraAdapter(path, 0));
        var half = await ScoreAsync(new LoraAdapter(path, 0.5f));
        var full = await ScoreAsync(new LoraAdapter(path));
        var twoHalves = await ScoreAsync(new LoraAdapter(path, 0.5f), new LoraAdapter(path, 0.5f));

        Assert.Equal(without, off);
        Assert.True(Distance(without, half) > 0.1, $"Half the adapter moved the answer by {Distance(without, half)} only.");
        Assert.True(Distance(half, full) > 0.1, $"The other half moved it by {Distance(half, full)} only.");
        Assert.True(Distance(full, twoHalves) < 0.01, $"Two halves are {Distance(full, twoHalves)} away from a whole.");
    }

    [Fact]
    public async Task What_is_no_adapter_for_the_model_is_refused_in_a_sentence_and_the_process_lives()
    {
        var foreign = _folder.PathOf("foreign.gguf");
        SmallModel.WriteAdapter(Options, foreign, architecture: "llama");
        var wide = _folder.PathOf("wide.gguf");
        SmallModel.WriteAdapter(Options with { Width = 96 }, wide);
        var twisted = _folder.PathOf("twisted.gguf");
        using (var stream = File.Create(twisted))
        {
            new GgufWriter().Add("general.type", "adapter").Add("general.architecture", "gpt-oss").Add("adapter.type", "lora").Add("adapter.lora.alpha", "four").WriteTo(stream);
        }

        await CheckRefusedAsync(_folder.PathOf("none.gguf"), "The LoRA adapter cannot be used: No model file");
        await CheckRefusedAsync(SmallModel.GetPath(Options), "but no LoRA adapter");
        await CheckRefusedAsync(foreign, "was made for the architecture 'llama'");
        await CheckRefusedAsync(wide, "llama.cpp refused the LoRA adapter");
        await CheckRefusedAsync(twisted, "no 32-bit number");
    }

    public void Dispose() => _folder.Dispose();

    private static async Task CheckRefusedAsync(string adapter, string expected)
    {
        await using var engine = Start(new LoraAdapter(adapter));
        var error = await Assert.ThrowsAsync<InferenceException>(() => engine.WaitForModelAsync(Token));
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    /// <summary>How likely the model finds each token of a text, as logarithms.</summary>
    private static async Task<float[]> ScoreAsync(params LoraAdapter[] adapters)
    {
        await using var engine = Start(adapters);
        var answer = await engine.AnswerAsync(new GenerationRequest { Prompt = [new PromptPart.Text("class A { ")], MaxTokens = 100, GivenAnswer = "public int Count => _items.Count; }" }, Token);
        return [.. answer.Tokens.Select(token => token.LogProbability)];
    }

    private static LlamaEngine Start(params LoraAdapter[] adapters) => LlamaEngine.Start(
        new LlamaEngineOptions { ModelPath = SmallModel.GetPath(Options), ContextLength = 512, Threads = 1, BatchThreads = 1, Slots = 1, Adapters = [.. adapters] }, NullLogger.Instance);

    private static float Distance(float[] left, float[] right) => left.Zip(right, (a, b) => MathF.Abs(a - b)).Max();
}
