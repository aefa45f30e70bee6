using GptOss.CodeAssist.Inference.Llama.Decoding;
using GptOss.CodeAssist.Inference.Llama.Native;
using GptOss.CodeAssist.Inference.Llama.Vocabulary;
using GptOss.CodeAssist.TestSupport.Models;
using Microsoft.Extensions.Logging.Abstractions;

namespace GptOss.CodeAssist.Inference.Llama.Tests.Decoding;

/// <summary>Who is served when; requests arrive on the decode thread itself, between two batches, so that no clock and no luck decides.</summary>
public sealed class SchedulingTests
{
    private const int MicroBatch = 64;

    [Fact]
    public async Task A_completion_that_comes_while_a_chat_is_read_is_in_the_next_batch_and_the_chat_comes_to_its_end()
    {
        using var engine = new OpenLoop();
        var loop = engine.Loop;
        var answering = Create(prompt: 10, maxTokens: 40, RequestPriority.Chat);
        var chat = Create(prompt: 10_000, maxTokens: 2, RequestPriority.Chat);
        var completion = Create(prompt: 20, maxTokens: 1, RequestPriority.Completion);
        var (batches, arrivedAt, servedAt, readBefore, readAfter) = (0, 0, 0, 0, 0);
        loop.LogitsProbe = (generation, _) =>
        {
            if (generation == answering && ++batches == 1)
            {
                loop.Submit(chat);
            }
            else if (generation == answering && batches == 5)
            {
                (arrivedAt, readBefore) = (batches, chat.Slot!.Count);
                loop.Submit(completion);
            }
            else if (generation == completion)
            {
                (servedAt, readAfter) = (batches, chat.Slot!.Count);
            }
        };

        loop.Submit(answering);
        foreach (var generation in (Generation[])[answering, completion, chat])
        {
            var events = await generation.Events.ReadAllAsync(TestContext.Current.CancellationToken).ToListAsync(TestContext.Current.CancellationToken);
            Assert.IsType<GenerationEvent.Finished>(events[^1]);
        }

        // Within a batch the requests are looked at in any order, so that the answering one may have been counted already or not.
        Assert.InRange(servedAt - arrivedAt, 0, 1);
        Assert.InRange(readBefore, 1, chat.PromptLength / 2);
        Assert.InRange(readAfter - readBefore, 0, MicroBatch);
        Assert.Equal(2, chat.GeneratedCount);
    }

    [Fact]
    public async Task A_chat_is_read_and_answered_although_completions_never_stop_coming()
    {
        const int Endless = 500;
        using var engine = new OpenLoop();
        var chat = Create(prompt: 600, maxTokens: 5, RequestPriority.Chat);
        var completions = new List<Generation>();
        var hasEnded = false;
        engine.Loop.LogitsProbe = (generation, _) =>
        {
            // Each completion's first token brings the next, so that there always is one to read, longer than a batch.
            if (generation == chat)
            {
                hasEnded = chat.GeneratedCount == chat.Request.MaxTokens - 1;
            }
            else if (generation.GeneratedCount == 0 && !hasEnded && completions.Count < Endless)
            {
                SubmitCompletion();
            }
        };

        SubmitCompletion();
        engine.Loop.Submit(chat);
        var events = await chat.Events.ReadAllAsync(TestContext.Current.CancellationToken).ToListAsync(TestContext.Current.CancellationToken);

        Assert.IsType<GenerationEvent.Finished>(events[^1]);
        Assert.InRange(completions.Count, 2, Endless - 1);

        void SubmitCompletion()
        {
            completions.Add(Create(prompt: MicroBatch * 3 / 2, maxTokens: 2, RequestPriority.Completion, firstToken: completions.Count + 1));
            engine.Loop.Submit(completions[^1]);
        }
    }

    [Fact]
    public void What_is_submitted_to_a_loop_that_has_ended_is_refused_at_once()
    {
        var waiting = new WaitingRequests();
        var first = Create(prompt: 3, maxTokens: 1, RequestPriority.Chat);
        waiting.Add(first);

        Assert.Equal([first], waiting.Close(new InferenceException(InferenceError.Unavailable, "It has ended.")));
        var refused = Assert.Throws<InferenceException>(() => waiting.Add(Create(prompt: 3, maxTokens: 1, RequestPriority.Completion)));
        Assert.Equal("It has ended.", refused.Message);
    }

    [Fact]
    public void The_most_urgent_request_is_next_and_of_equals_the_oldest()
    {
        var waiting = new WaitingRequests();
        var requests = ((RequestPriority[])[RequestPriority.WarmUp, RequestPriority.Chat, RequestPriority.Completion, RequestPriority.Chat, RequestPriority.Completion])
            .Select(priority => Create(prompt: 1, maxTokens: 1, priority)).ToList();
        requests.ForEach(waiting.Add);
        requests[1].Cancel();

        Assert.Equal([requests[1]], waiting.RemoveCancelled());
        foreach (var expected in (int[])[2, 4, 3, 0])
        {
            Assert.Same(requests[expected], waiting.FindNext());
            waiting.Remove(requests[expected]);
        }

        Assert.Null(waiting.FindNext());
    }

    private static Generation Create(int prompt, int maxTokens, RequestPriority priority, int firstToken = 0) => new(
        new GenerationRequest { Prompt = [], MaxTokens = maxTokens, Priority = priority, IgnoreEndOfGeneration = true },
        [.. Enumerable.Range(firstToken, prompt).Select(i => 1000 + (i % 700))],
        [],
        grammar: null,
        lookup: null,
        arrival: 0);

    private sealed class OpenLoop : IDisposable
    {
        private const int Slots = 3;

        private readonly LlamaModelHandle _model;
        private readonly LlamaContextHandle _context;

        public OpenLoop()
        {
            LlamaLibrary.EnsureLoaded(folder: null, headLength: null);
            _model = LlamaModelHandle.Load(SmallModel.GetPath(), new ModelLoadOptions(0, true, false, false, 0, true, [], []), _ => true)!;
            _context = LlamaContextHandle.Create(_model, new ContextOptions(12_288, Slots, MicroBatch, MicroBatch, 64, 1, 1, null, CacheType.Half, true))!;
            Loop = new DecodeLoop(_context, new LlamaVocabulary(_model), Slots, _model.SlidingWindow, fullSlidingWindowCache: true, TimeProvider.System, NullLogger.Instance);
        }

        public DecodeLoop Loop { get; }

        public void Dispose()
        {
            Loop.Dispose();
            _context.Dispose();
            _model.Dispose();
        }
    }
}
