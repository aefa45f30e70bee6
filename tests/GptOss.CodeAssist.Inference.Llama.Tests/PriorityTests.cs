using System.Collections.Concurrent;
using GptOss.CodeAssist.Inference.Constraints;
using GptOss.CodeAssist.TestSupport.Models;
using Microsoft.Extensions.Logging.Abstractions;

namespace GptOss.CodeAssist.Inference.Llama.Tests;

/// <summary>Who is answered first, told by the decode thread itself: guides are called on it, in the order of its work.</summary>
public sealed class PriorityTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_completion_is_answered_while_a_long_chat_is_being_read()
    {
        await using var engine = LlamaEngine.Start(
            new LlamaEngineOptions { ModelPath = SmallModel.GetPath(), ContextLength = 4096, Threads = 1, BatchThreads = 1, Slots = 3, MicroBatchSize = 128 }, NullLogger.Instance);
        await engine.WaitForModelAsync(Token);
        var firstWords = new ConcurrentQueue<string>();
        using var steps = new StepByStep();
        var pacemaker = engine.AnswerAsync(Ask("int a = ", RequestPriority.Chat, steps) with { MaxTokens = 300 }, Token);
        await steps.HeldAsync(Token);

        // The decode thread goes on by one batch at a time until the chat is half read and the completion is known to it.
        var chat = new Asked(engine, Ask(string.Concat(Enumerable.Repeat(SampleCode.Source, 5)), RequestPriority.Chat, new FirstWord("chat", firstWords)));
        await chat.AdmitAsync(progress => progress.EvaluatedTokens > 0, steps);
        var completion = new Asked(engine, Ask(SampleCode.Source, RequestPriority.Completion, new FirstWord("completion", firstWords)));
        await completion.AdmitAsync(_ => true, steps);
        steps.LetGo();

        await Task.WhenAll(chat.Ended, completion.Ended, pacemaker);
        Assert.Equal(["completion", "chat"], firstWords);
    }

    private static GenerationRequest Ask(string prompt, RequestPriority priority, IGenerationGuide guide) =>
        new() { Prompt = [new PromptPart.Text(prompt)], MaxTokens = 2, Priority = priority, Guide = guide };

    /// <summary>A request whose events are read as they come.</summary>
    private sealed class Asked(LlamaEngine engine, GenerationRequest request)
    {
        private readonly TaskCompletionSource _admitted = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Ended { get; private set; } = Task.CompletedTask;

        /// <summary>Sends the request, and lets the decode thread take steps until it tells enough progress.</summary>
        public async Task AdmitAsync(Predicate<GenerationEvent.PrefillProgress> isEnough, StepByStep steps)
        {
            Ended = ReadAsync(isEnough);
            while (!_admitted.Task.IsCompleted)
            {
                await steps.NextAsync(Token);
            }
        }

        private async Task ReadAsync(Predicate<GenerationEvent.PrefillProgress> isEnough)
        {
            await foreach (var happened in engine.GenerateAsync(request, Token))
            {
                if (happened is GenerationEvent.PrefillProgress progress && isEnough(progress))
                {
                    _admitted.TrySetResult();
                }
            }
        }
    }

    /// <summary>Notes when an answer's first token is chosen.</summary>
    private sealed class FirstWord(string name, ConcurrentQueue<string> order) : IGenerationGuide
    {
        public IByteConstraint? FindConstraint(string answer)
        {
            if (answer.Length == 0)
            {
                order.Enqueue(name);
            }

            return null;
        }
    }

    /// <summary>Holds the decode thread before each token of an answer that never ends by itself.</summary>
    private sealed class StepByStep : IGenerationGuide, IDisposable
    {
        private readonly SemaphoreSlim _go = new(0);
        private readonly SemaphoreSlim _held = new(0);
        private volatile bool _isLetGo;

        public IByteConstraint? FindConstraint(string answer)
        {
            if (!_isLetGo)
            {
                _held.Release();
                _go.Wait(Token);
            }

            return new BytePrefixConstraint("a"u8);
        }

        public Task HeldAsync(CancellationToken cancellationToken) => _held.WaitAsync(cancellationToken);

        /// <summary>Lets one token through, and waits until the thread is held again.</summary>
        public async Task NextAsync(CancellationToken cancellationToken)
        {
            _go.Release();
            await HeldAsync(cancellationToken);
        }

        public void LetGo()
        {
            _isLetGo = true;
            _go.Release();
        }

        public void Dispose()
        {
            _go.Dispose();
            _held.Dispose();
        }
    }
}
