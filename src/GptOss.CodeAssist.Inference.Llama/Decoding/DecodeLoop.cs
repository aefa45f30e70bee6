using System.Runtime.InteropServices;
using GptOss.CodeAssist.Inference.Llama.Native;
using GptOss.CodeAssist.Inference.Llama.Sampling;
using GptOss.CodeAssist.Inference.Llama.Vocabulary;
using GptOss.CodeAssist.Inference.Scheduling;
using Microsoft.Extensions.Logging;

namespace GptOss.CodeAssist.Inference.Llama.Decoding;

/// <summary>The one thread that owns a context: takes requests, evaluates batches, samples, reports.</summary>
/// <remarks>
/// Invariant: nobody else calls into the context, but for <see cref="LlamaContextHandle.RequestAbort"/>.
/// Each round admits waiting requests to free slots, drops cancelled ones, and evaluates one batch that the planner put together.
/// A request's work is always the same: evaluate what of its history is not in its slot yet, then sample one token more.
/// </remarks>
internal sealed class DecodeLoop : IDisposable
{
    /// <summary>How long tokens may be held back so that several of them wake the reader once.</summary>
    private static readonly TimeSpan HandOverInterval = TimeSpan.FromMilliseconds(2);

    private readonly LlamaContextHandle _context;
    private readonly LlamaVocabulary _vocabulary;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly TokenBatch _batch;
    private readonly TokenSampler _sampler;
    private readonly AllowedTokens _allowed;
    private readonly BatchPlanner _planner;
    private readonly SlotPool _slots;
    private readonly BatchCosts _costs = new();
    private readonly WaitingRequests _waiting = new();
    private readonly List<Generation> _running = [];
    private readonly AutoResetEvent _wake = new(false);
    private readonly Thread _thread;
    private readonly SlotWork[] _work;
    private readonly int[] _takes;
    private bool _stopping;

    public DecodeLoop(LlamaContextHandle context, LlamaVocabulary vocabulary, int slots, int slidingWindow, bool fullSlidingWindowCache, TimeProvider time, ILogger logger)
    {
        _context = context;
        _vocabulary = vocabulary;
        _time = time;
        _logger = logger;
        _batch = new TokenBatch(context.BatchSize);
        _sampler = new TokenSampler(vocabulary);
        _allowed = new AllowedTokens(vocabulary);
        _planner = new BatchPlanner(Math.Min(context.BatchSize, context.MicroBatchSize));
        _slots = new SlotPool(context, slots, slidingWindow, fullSlidingWindowCache);
        _work = new SlotWork[slots];
        _takes = new int[slots];
        _thread = new Thread(Run) { Name = "llama.cpp decode", IsBackground = true };
        _thread.Start();
    }

    /// <summary>Sees every row of logits before it is sampled from; for tests that compare them with a fresh context's.</summary>
    internal Action<Generation, ReadOnlySpan<float>>? LogitsProbe { get; set; }

    /// <summary>Hands a request over to the decode thread.</summary>
    /// <exception cref="InferenceException">Too many requests wait already, or the loop has ended.</exception>
    public void Submit(Generation generation)
    {
        _waiting.Add(generation);
        _wake.Set();
    }

    /// <summary>Drops a request, at once if its tokens are being evaluated right now. Any thread may call it.</summary>
    public void Cancel(Generation generation)
    {
        generation.Cancel();
        if (generation.OwnsBatch)
        {
            _context.RequestAbort();
        }

        _wake.Set();
    }

    /// <summary>Stops the thread after the running batch; every request fails.</summary>
    public void Dispose()
    {
        Volatile.Write(ref _stopping, true);
        _context.RequestAbort();
        _wake.Set();
        _thread.Join();
        _batch.Dispose();
        _wake.Dispose();
    }

    private void Run()
    {
        using var log = LlamaLibrary.LogThisThreadTo(_logger);
        try
        {
            while (!Volatile.Read(ref _stopping))
            {
                DropCancelled();
                Admit();
                if (_running.Count == 0)
                {
                    _wake.WaitOne();
                    continue;
                }

                Step();
                HandOver();
            }
        }
        catch (Exception exception)
        {
            // The editor's process must outlive whatever happens here; the engine reports itself as gone instead.
            _logger.LogCritical(exception, "The decode thread failed.");
            FailAll(new InferenceException(InferenceError.Unavailable, "The engine failed inside; its log has the details. Restart it.", exception));
            Volatile.Write(ref _stopping, true);
        }

        FailAll(new InferenceException(InferenceError.Unavailable, "The engine has been shut down."));
    }

    private void DropCancelled()
    {
        var cancelled = _waiting.RemoveCancelled();
        for (var i = 0; i < cancelled.Count; i++)
        {
            End(cancelled[i], new OperationCanceledException());
        }

        for (var i = _running.Count - 1; i >= 0; i--)
        {
            if (_running[i].IsCancelled)
            {
                End(_running[i], new OperationCanceledException());
            }
        }
    }

    /// <summary>Gives free slots to waiting requests, the most urgent first; the last free slot is kept for completions.</summary>
    private void Admit()
    {
        while (_waiting.FindNext() is { } generation)
        {
            var kept = generation.Request.Priority == RequestPriority.Completion || _slots.Count == 1 ? 0 : 1;
            if (_slots.FreeCount <= kept)
            {
                return;
            }

            _waiting.Remove(generation);
            Start(generation);
        }
    }

    private void Start(Generation generation)
    {
        generation.Slot = _slots.Occupy(generation, CollectionsMarshal.AsSpan(generation.History));
        generation.Started = _time.GetTimestamp();
        generation.Report(new GenerationEvent.PrefillProgress(generation.ReusedCount, generation.PromptLength));
        generation.HandOver(generation.Started);
        _running.Add(generation);
    }

    private void Step()
    {
        PlanBatch();
        FillBatch();
        if (_batch.Count == 0)
        {
            return;
        }

        _context.ClearAbort();
        if (Volatile.Read(ref _stopping) || _running.Exists(generation => generation.OwnsBatch && generation.IsCancelled))
        {
            ReleaseBatch();
            return;
        }

        var started = _time.GetTimestamp();
        var result = _context.Decode(_batch);
        ReleaseBatch();
        switch (result)
        {
            case DecodeResult.Done:
                LearnCosts(_time.GetElapsedTime(started));
                for (var i = _running.Count - 1; i >= 0; i--)
                {
                    if (_running[i].BatchCount > 0)
                    {
                        Advance(_running[i]);
                    }
                }

                break;
            case DecodeResult.Aborted:
                ForEachInBatch(generation => generation.Slot!.DropUnrecorded());
                break;
            default:
                // No request may be served from a cache in an unknown state.
                ForEachInBatch(generation =>
                {
                    generation.Slot!.RollBack(0);
                    End(generation, new InferenceException(
                        InferenceError.NativeLibrary,
                        result == DecodeResult.CacheFull ? "The KV cache is full; choose a larger context." : "llama.cpp failed to evaluate the prompt; its log has the details."));
                });
                break;
        }
    }

    /// <summary>Gives readers what was reported: at once after the first token, and then as often as a person could notice.</summary>
    private void HandOver()
    {
        var now = _time.GetTimestamp();
        foreach (var generation in _running)
        {
            if (generation.GeneratedCount <= 1 || _time.GetElapsedTime(generation.HandedOverAt, now) >= HandOverInterval)
            {
                generation.HandOver(now);
            }
        }
    }

    private void PlanBatch()
    {
        // Each verified draft token needs a row of logits, and the context has room for so many.
        var drafting = 0;
        foreach (var generation in _running)
        {
            drafting += generation.Lookup is null ? 0 : 1;
        }

        var draftLimit = drafting == 0 ? 0 : (_context.MaxOutputs - _running.Count) / drafting;
        for (var i = 0; i < _running.Count; i++)
        {
            var generation = _running[i];
            var pending = generation.History.Count - generation.Slot!.Count;
            var isAnswering = generation.GeneratedCount > 0 && pending == 1;
            generation.Draft.Clear();
            if (isAnswering && generation.Lookup is { } lookup)
            {
                var limit = Math.Min(
                    generation.Request.MaxTokens - generation.GeneratedCount - 1,
                    _context.SequenceLength - generation.History.Count - 1);
                lookup.Draft(CollectionsMarshal.AsSpan(generation.History), Math.Min(limit, draftLimit), _costs, generation.Draft);
            }

            _work[i] = new SlotWork(generation.Request.Priority, generation.Arrival, isAnswering, pending + generation.Draft.Count);
        }

        _planner.Plan(_work.AsSpan(0, _running.Count), _takes.AsSpan(0, _running.Count), _costs.ChoosePatientChunk(_context.MicroBatchSize));
    }

    private void FillBatch()
    {
        _batch.Clear();
        for (var i = 0; i < _running.Count; i++)
        {
            var generation = _running[i];
            var slot = generation.Slot!;
            generation.BatchStart = _batch.Count;
            generation.BatchCount = _takes[i];
            for (var j = 0; j < _takes[i]; j++)
            {
                var position = slot.Count + j;
                var isDraft = position >= generation.History.Count;
                var token = isDraft ? generation.Draft[position - generation.History.Count] : generation.History[position];
                _batch.Add(token, position, slot.Id, output: position >= generation.History.Count - 1);
            }

            // A draft that did not fit is not verified.
            var drafted = Math.Max(0, slot.Count + _takes[i] - generation.History.Count);
            generation.Draft.RemoveRange(drafted, generation.Draft.Count - drafted);
        }

        foreach (var generation in _running)
        {
            generation.OwnsBatch = generation.BatchCount * 2 >= _batch.Count && generation.BatchCount > 0;
        }
    }

    private void ReleaseBatch()
    {
        foreach (var generation in _running)
        {
            generation.OwnsBatch = false;
        }
    }

    private void ForEachInBatch(Action<Generation> action)
    {
        foreach (var generation in _running.Where(generation => generation.BatchCount > 0).ToList())
        {
            action(generation);
        }
    }

    private void LearnCosts(TimeSpan elapsed)
    {
        foreach (var generation in _running)
        {
            if (generation.BatchCount == _batch.Count && generation.GeneratedCount > 0)
            {
                _costs.Learn(_batch.Count, elapsed.TotalMilliseconds);
                return;
            }
        }

        _costs.LearnMixed(_batch.Count, elapsed.TotalMilliseconds);
    }

    /// <summary>Records what a decode evaluated for one request and samples what follows, once for each verified draft token.</summary>
    private void Advance(Generation generation)
    {
        var slot = generation.Slot!;
        var evaluated = Math.Min(slot.Count + generation.BatchCount, generation.History.Count);
        slot.Append(CollectionsMarshal.AsSpan(generation.History)[slot.Count..evaluated]);
        if (generation.GeneratedCount == 0)
        {
            generation.Report(new GenerationEvent.PrefillProgress(slot.Count, generation.PromptLength));
        }

        if (slot.Count < generation.History.Count)
        {
            return;
        }

        if (generation.Request.MaxTokens == 0)
        {
            Finish(generation, FinishReason.TokenLimit);
            return;
        }

        var outputIndex = generation.BatchStart + generation.BatchCount - generation.Draft.Count - 1;
        var accepted = 0;
        generation.DraftedCount += generation.Draft.Count;
        var isRunning = SampleNext(generation, outputIndex);
        while (isRunning && accepted < generation.Draft.Count && generation.History[^1] == generation.Draft[accepted])
        {
            slot.Append(CollectionsMarshal.AsSpan(generation.History)[slot.Count..]);
            accepted++;
            generation.AcceptedCount++;
            isRunning = SampleNext(generation, outputIndex + accepted);
        }

        generation.Lookup?.Learn(generation.Draft.Count, accepted);
        if (accepted < generation.Draft.Count)
        {
            slot.DropUnrecorded();
        }
    }

    /// <summary>Samples one token, reports it, and ends the request where it has to end; returns whether it goes on.</summary>
    private bool SampleNext(Generation generation, int batchIndex)
    {
        var request = generation.Request;
        var logits = _context.GetLogits(batchIndex);
        LogitsProbe?.Invoke(generation, logits);
        if (generation.GivenAnswer is { } given && generation.GeneratedCount >= given.Length)
        {
            return Finish(generation, FinishReason.EndOfGeneration);
        }

        var sampled = Choose(generation, logits);
        if (generation.FirstTokenAt == 0)
        {
            generation.FirstTokenAt = _time.GetTimestamp();
        }

        if (sampled is not var (token, logProbability))
        {
            return Finish(generation, FinishReason.ConstraintEnded);
        }

        var special = _vocabulary.FindSpecialText(token);
        if (_vocabulary.IsEndOfGeneration(token))
        {
            var isStop = special is not null && request.StopTokens.Contains(special);
            return Finish(generation, isStop ? FinishReason.StopToken : FinishReason.EndOfGeneration, special);
        }

        if (special is not null && request.StopTokens.Contains(special))
        {
            return Finish(generation, FinishReason.StopToken, special);
        }

        generation.History.Add(token);
        generation.Grammar?.Accept(token);
        var text = "";
        if (special is null)
        {
            var bytes = _vocabulary.GetBytes(token);
            text = generation.Text.Append(bytes, _vocabulary.FindText(token));
            generation.Constraints.Accept(bytes, text);
        }

        generation.Report(new GenerationEvent.Token(token, text, special, logProbability));
        if (generation.Text.ReachedStop is { } stop)
        {
            return Finish(generation, FinishReason.StopString, stop);
        }

        if (generation.GeneratedCount >= request.MaxTokens)
        {
            return Finish(generation, FinishReason.TokenLimit);
        }

        return generation.History.Count < _context.SequenceLength || Finish(generation, FinishReason.ContextFull);
    }

    private SampledToken? Choose(Generation generation, Span<float> logits)
    {
        if (generation.GivenAnswer is { } given)
        {
            return _sampler.Score(logits, given[generation.GeneratedCount]);
        }

        if (generation.Request.IgnoreEndOfGeneration)
        {
            foreach (var end in _vocabulary.EndOfGenerationTokens)
            {
                logits[end] = float.NegativeInfinity;
            }
        }

        var allowed = generation.Constraints.TryFill(_allowed) ? _allowed : null;
        var sampled = allowed is { IsEmpty: true } ? null : _sampler.Sample(logits, generation.Request.Sampling, generation.Random, allowed, generation.Grammar);
        return sampled is var (token, logProbability) && generation.Constraints.Refuses(BytesOf(token), Math.Exp(logProbability), _allowed)
            ? _sampler.Sample(logits, generation.Request.Sampling, generation.Random, _allowed, generation.Grammar)
            : sampled;

        ReadOnlySpan<byte> BytesOf(int ordinaryOrSpecial) => _vocabulary.FindSpecialText(ordinaryOrSpecial) is null ? _vocabulary.GetBytes(ordinaryOrSpecial) : default;
    }

    /// <summary>Reports the end of an answer; always returns false, for callers that ask whether it goes on.</summary>
    private bool Finish(Generation generation, FinishReason reason, string? stoppedBy = null)
    {
        generation.Report(new GenerationEvent.Finished(reason, generation.CreateUsage(_time)) { RemainingText = generation.Text.Finish(), StoppedBy = stoppedBy });
        End(generation, error: null);
        return false;
    }

    private void End(Generation generation, Exception? error)
    {
        if (generation.Slot is { } slot)
        {
            slot.Current = null;
        }

        _running.Remove(generation);
        generation.Complete(error);
        generation.Dispose();
    }

    private void FailAll(InferenceException error)
    {
        foreach (var generation in _running.Concat(_waiting.Close(error)).ToList())
        {
            End(generation, error);
        }
    }
}
