using CsCheck;
using GptOss.CodeAssist.Inference.Llama.Decoding;
using GptOss.CodeAssist.Inference.Llama.Native;
using GptOss.CodeAssist.Inference.Llama.Vocabulary;
using GptOss.CodeAssist.TestSupport.Models;
using Microsoft.Extensions.Logging.Abstractions;

namespace GptOss.CodeAssist.Inference.Llama.Tests.Decoding;

/// <summary>
/// Whatever is appended, edited, taken back, interrupted or moved between slots, the logits are those of a fresh context.
/// Everything that moves logits by itself is off: the cache is F32, the weights F16, flash attention off, batches small and one thread,
/// and every token uses every expert, because a rounding error that changes a token's experts moves its logits by up to 0.2.
/// What is left is the shape of a batch: a token evaluated alone rounds otherwise than one of many, by up to 0.11 seen, and which shapes a history has depends on when it was interrupted.
/// So histories are evaluated token by token, where there is one shape and the logits agree exactly, and in batches, where they may differ by less than
/// any lost or wrong token makes them differ. With a weakened guard both fail, by 0.55 to 13.
/// </summary>
public sealed class PrefixCacheTests
{
    private const float ExactTolerance = 0.001f;

    /// <summary>Between the rounding of batches' shapes, up to 0.11, and corruption, 0.7 to 6.</summary>
    private const float BatchTolerance = 0.3f;

    private const int SequenceLength = 1024;
    private const int Documents = 3;

    /// <summary>Long enough for one slot to be copied from another.</summary>
    private const int CommonBeginning = 150;

    private const int Slots = 2;

    private enum Action
    {
        Append,
        EditMiddle,
        RollBack,
        Generate,
        CancelMidPrefill,
        CancelMidDecode,
    }

    private sealed record Step(Action Action, int Document, double Place, int Length, int Seed);

    private static readonly Gen<Step[]> Steps = Gen.Select(
        Gen.Enum<Action>(), Gen.Int[0, Documents - 1], Gen.Double[0, 1], Gen.Int[1, 300], Gen.Int[0, 1_000_000],
        (action, document, place, length, seed) => new Step(action, document, place, length, seed)).Array[4, 14];

    [Theory]
    [InlineData(true, 32, 1)]
    [InlineData(false, 32, 1)]
    [InlineData(false, 900, 1)]
    [InlineData(true, 32, 32)]
    [InlineData(false, 32, 32)]
    [InlineData(false, 900, 32)]
    public async Task Logits_after_any_history_are_those_of_a_fresh_context(bool fullSlidingWindowCache, int window, int microBatch)
    {
        LlamaLibrary.EnsureLoaded(folder: null, headLength: null);
        using var model = LlamaModelHandle.Load(SmallModel.GetPath(new SmallModelOptions { ExpertFormat = TensorFormat.F16, Experts = 2, ExpertsUsed = 2, SlidingWindow = window }), new ModelLoadOptions(0, true, false, false, 0, true, [], []), _ => true)!;
        var vocabulary = new LlamaVocabulary(model);
        await Steps.SampleAsync(
            async steps =>
            {
                using var context = CreateContext(model, Slots, fullSlidingWindowCache, microBatch);
                using var loop = new DecodeLoop(context, vocabulary, Slots, model.SlidingWindow, fullSlidingWindowCache, TimeProvider.System, NullLogger.Instance);
                using var fresh = CreateContext(model, 1, fullSlidingWindowCache: true, microBatch);
                float[] logits = [];
                loop.LogitsProbe = (generation, row) => logits = generation.GeneratedCount == 0 ? row.ToArray() : logits;
                var documents = Enumerable.Range(0, Documents).Select(_ => Enumerable.Range(1000, CommonBeginning).ToList()).ToArray();
                foreach (var step in steps)
                {
                    var document = documents[step.Document];
                    await ApplyAsync(step, document, loop, vocabulary);
                    await RunAsync(loop, step.Document, document, maxTokens: 1, cancelAfter: null);
                    var difference = logits.Zip(Evaluate(fresh, document), (left, right) => MathF.Abs(left - right)).Max();
                    Assert.True(difference < (microBatch == 1 ? ExactTolerance : BatchTolerance), $"After {step} at {document.Count} tokens the logits differ by {difference}.");
                }
            },
            iter: 12,
            threads: 1);
    }

    private static LlamaContextHandle CreateContext(LlamaModelHandle model, int slots, bool fullSlidingWindowCache, int microBatch) =>
        LlamaContextHandle.Create(model, new ContextOptions(SequenceLength, slots, microBatch, microBatch, 64, 1, 1, false, CacheType.Full, fullSlidingWindowCache))!;

    private static async Task ApplyAsync(Step step, List<int> document, DecodeLoop loop, LlamaVocabulary vocabulary)
    {
        var random = new Random(step.Seed);
        var place = 1 + (int)(step.Place * (document.Count - 1));
        var room = SequenceLength - 64 - document.Count;
        int[] inserted = [.. Enumerable.Range(0, Math.Max(0, Math.Min(step.Length, room))).Select(_ => random.Next(vocabulary.Count - 300))];
        switch (step.Action)
        {
            case Action.Append:
                document.AddRange(inserted);
                break;
            case Action.EditMiddle:
                document.RemoveRange(place, Math.Min(document.Count - place, step.Length / 10));
                document.InsertRange(place, inserted.AsSpan(0, Math.Min(inserted.Length, 5)));
                break;
            case Action.RollBack:
                document.RemoveRange(place, document.Count - place);
                break;
            case Action.Generate:
                document.AddRange(await RunAsync(loop, step.Document, document, maxTokens: Math.Clamp(step.Length, 1, Math.Max(1, Math.Min(60, room))), cancelAfter: null));
                break;
            case Action.CancelMidPrefill:
                document.AddRange(inserted);
                await RunAsync(loop, step.Document, document, maxTokens: 1, cancelAfter: 0);
                break;
            case Action.CancelMidDecode:
                await RunAsync(loop, step.Document, document, maxTokens: Math.Min(40, SequenceLength - document.Count), cancelAfter: 1 + (step.Length % 20));
                break;
        }
    }

    /// <summary>Runs one request; cancels it when <paramref name="cancelAfter"/> tokens came, or at the first sign of life for 0.</summary>
    private static async Task<List<int>> RunAsync(DecodeLoop loop, int document, List<int> prompt, int maxTokens, int? cancelAfter)
    {
        var request = new GenerationRequest { Prompt = [], MaxTokens = maxTokens, CacheKey = document.ToString(System.Globalization.CultureInfo.InvariantCulture) };
        var generation = new Generation(request, [.. prompt], [], grammar: null, lookup: null, arrival: 0);
        loop.Submit(generation);
        var tokens = new List<int>();
        try
        {
            await foreach (var generationEvent in generation.Events.ReadAllAsync())
            {
                if (generationEvent is GenerationEvent.Token token)
                {
                    tokens.Add(token.Id);
                }

                if (cancelAfter <= tokens.Count)
                {
                    loop.Cancel(generation);
                }
            }
        }
        catch (OperationCanceledException) when (cancelAfter is not null)
        {
            // Asked for above.
        }

        return tokens;
    }

    private static float[] Evaluate(LlamaContextHandle context, List<int> tokens)
    {
        context.RemoveFrom(0, 0);
        using var batch = new TokenBatch(context.BatchSize);
        var start = 0;
        while (true)
        {
            batch.Clear();
            for (var i = start; i < Math.Min(start + context.BatchSize, tokens.Count); i++)
            {
                batch.Add(tokens[i], i, 0, output: i == tokens.Count - 1);
            }

            Assert.Equal(DecodeResult.Done, context.Decode(batch));
            start += batch.Count;
            if (start == tokens.Count)
            {
                return context.GetLogits(batch.Count - 1).ToArray();
            }
        }
    }
}
