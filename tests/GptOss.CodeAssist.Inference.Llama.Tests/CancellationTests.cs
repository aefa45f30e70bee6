using System.Runtime.CompilerServices;
using GptOss.CodeAssist.TestSupport.Models;
using Microsoft.Extensions.Logging.Abstractions;

namespace GptOss.CodeAssist.Inference.Llama.Tests;

/// <summary>Requests that are cancelled while they wait, read or write leave nothing behind.</summary>
public sealed class CancellationTests
{
    private const int Pairs = 10_000;
    private const int AtATime = 32;

    /// <summary>The shape of batches moves these by up to 0.2 and a wrong cache by much more.</summary>
    private const float Tolerance = 0.25f;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Ten_thousand_started_and_cancelled_requests_leave_a_right_cache_a_free_queue_and_nothing_in_memory()
    {
        await using var engine = Start();
        var fresh = await ScoreAsync(engine, "fresh");
        var requests = new List<WeakReference>(Pairs);
        var random = new Random(11);
        for (var started = 0; started < Pairs; started += AtATime)
        {
            await StartAndCancelAsync(engine, random, Math.Min(AtATime, Pairs - started), requests);
        }

        foreach (var document in (string[])["document 0", "document 1", "document 2"])
        {
            var difference = fresh.Zip(await ScoreAsync(engine, document), (left, right) => MathF.Abs(left - right)).Max();
            Assert.True(difference < Tolerance, $"After {Pairs} cancelled requests an answer of {document} is {difference} away from a fresh one.");
        }

        // The engine holds no request any more; the last few may still be on somebody's stack.
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        Assert.InRange(requests.Count(request => request.IsAlive), 0, AtATime);
    }

    private static LlamaEngine Start() => LlamaEngine.Start(
        new LlamaEngineOptions
        {
            ModelPath = SmallModel.GetPath(new SmallModelOptions { ExpertFormat = TensorFormat.F16, Experts = 2, ExpertsUsed = 2 }),
            ContextLength = 1024,
            Threads = 1,
            BatchThreads = 1,
            Slots = 2,
            CacheType = CacheType.Full,
            FlashAttention = false,
        },
        NullLogger.Instance);

    /// <summary>How likely the model finds each token of a text after the start of the file.</summary>
    private static async Task<float[]> ScoreAsync(LlamaEngine engine, string key)
    {
        var answer = await engine.AnswerAsync(
            new GenerationRequest { Prompt = [new PromptPart.Text(SampleCode.Source[..400])], MaxTokens = 200, GivenAnswer = SampleCode.Source[400..600], CacheKey = key }, Token);
        return [.. answer.Tokens.Select(token => token.LogProbability)];
    }

    /// <summary>A method of its own, so that no local of the test's keeps a request alive.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static async Task StartAndCancelAsync(LlamaEngine engine, Random random, int count, List<WeakReference> requests)
    {
        var running = new List<Task>();
        for (var i = 0; i < count; i++)
        {
            var request = new GenerationRequest
            {
                Prompt = [new PromptPart.Text(SampleCode.Source[..random.Next(1, 120)])],
                MaxTokens = 16,
                CacheKey = $"document {random.Next(3)}",
                Priority = (RequestPriority)random.Next(4),
            };
            requests.Add(new WeakReference(request));
            running.Add(StartAndCancelAsync(engine, request, random.Next(4)));
        }

        await Task.WhenAll(running);
    }

    private static async Task StartAndCancelAsync(LlamaEngine engine, GenerationRequest request, int eventsToAwait)
    {
        using var cancellation = CancellationTokenSource.CreateLinkedTokenSource(Token);
        if (eventsToAwait == 0)
        {
            await cancellation.CancelAsync();
        }

        try
        {
            var seen = 0;
            await foreach (var _ in engine.GenerateAsync(request, cancellation.Token))
            {
                if (++seen >= eventsToAwait)
                {
                    await cancellation.CancelAsync();
                }
            }
        }
        catch (OperationCanceledException) when (!Token.IsCancellationRequested)
        {
            // Asked for above.
        }
        catch (InferenceException exception) when (exception.Error == InferenceError.QueueFull)
        {
            // So many at a time fit the queue, unless cancelled ones are still being taken off it.
        }
    }
}
