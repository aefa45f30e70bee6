using GptOss.CodeAssist.Inference.Llama.Decoding;
using GptOss.CodeAssist.Inference.Llama.Native;
using GptOss.CodeAssist.Inference.Llama.Vocabulary;
using GptOss.CodeAssist.TestSupport.Models;
using Microsoft.Extensions.Logging.Abstractions;

namespace GptOss.CodeAssist.Inference.Llama.Tests.Decoding;

/// <summary>What the decode thread allocates for a token, told by the runtime's own counter for that thread.</summary>
public sealed class AllocationTests
{
    /// <summary>The event itself is 40 bytes; the rest is room for lists that grow by doubling.</summary>
    private const double MostBytesPerToken = 120;

    private const int FirstCounted = 64;
    private const int Tokens = 464;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_token_costs_its_event_and_next_to_nothing_more(bool drafted)
    {
        LlamaLibrary.EnsureLoaded(folder: null, headLength: null);
        using var model = LlamaModelHandle.Load(SmallModel.GetPath(), new ModelLoadOptions(0, true, false, false, 0, true, [], []), _ => true)!;
        var vocabulary = new LlamaVocabulary(model);
        using var context = LlamaContextHandle.Create(model, new ContextOptions(1024, 2, 64, 64, 64, 1, 1, null, CacheType.Half, true))!;
        using var loop = new DecodeLoop(context, vocabulary, 2, model.SlidingWindow, fullSlidingWindowCache: true, TimeProvider.System, NullLogger.Instance);

        // The first answer makes what is made once: compiled code, tokens' texts, buffers.
        int[] prompt = [.. Enumerable.Range(1000, 100)];
        await MeasureAsync(loop, prompt, drafted);
        var bytes = await MeasureAsync(loop, prompt, drafted);

        TestContext.Current.TestOutputHelper?.WriteLine($"{bytes:F1} bytes a token");
        Assert.InRange(bytes, 1, MostBytesPerToken);
    }

    private static async Task<double> MeasureAsync(DecodeLoop loop, int[] prompt, bool drafted)
    {
        var (counted, first, last) = (0, 0L, 0L);
        var request = new GenerationRequest { Prompt = [], MaxTokens = Tokens, IgnoreEndOfGeneration = true, StopStrings = ["\n\n\n\n"] };
        using var generation = new Generation(request, prompt, [], grammar: null, drafted ? new PromptLookup(prompt) : null, arrival: 0);
        loop.LogitsProbe = (_, _) =>
        {
            last = GC.GetAllocatedBytesForCurrentThread();
            first = counted++ == FirstCounted ? last : first;
        };
        loop.Submit(generation);

        // As the engine reads them: waking a reader in a test's own context would be paid for by the thread that wakes it.
        await foreach (var _ in generation.Events.ReadAllAsync(TestContext.Current.CancellationToken).ConfigureAwait(false))
        {
            // Only to be read.
        }

        return (last - first) / (double)(counted - 1 - FirstCounted);
    }
}
