using System.Threading.Channels;
using GptOss.CodeAssist.Inference.Llama.Native;
using GptOss.CodeAssist.Inference.Llama.Sampling;

namespace GptOss.CodeAssist.Inference.Llama.Decoding;

/// <summary>One request while it waits and runs.</summary>
/// <remarks>All but <see cref="Cancel"/> and the channel's reader belong to the decode thread.</remarks>
internal sealed class Generation : IDisposable
{
    private readonly Channel<GenerationEvent> _events = Channel.CreateUnbounded<GenerationEvent>(new UnboundedChannelOptions { SingleReader = true, SingleWriter = true });
    private readonly List<GenerationEvent> _reported = [];
    private int _cancelled;
    private int _inBatch;

    public Generation(GenerationRequest request, int[] prompt, byte[] healedBytes, GrammarSamplerHandle? grammar, PromptLookup? lookup, long arrival, int[]? givenAnswer = null)
    {
        Request = request;
        PromptLength = prompt.Length;
        History = [.. prompt];
        Text = new AnswerText(healedBytes.Length, request.StopStrings);
        Constraints = new ConstraintWalker(healedBytes, request.Constraint, request.Guide, request.GuideEscape);
        Grammar = grammar;
        Lookup = lookup;
        GivenAnswer = givenAnswer;
        Random = request.Sampling.Seed is { } seed ? new Random((int)seed) : new Random();
        Arrival = arrival;
    }

    public GenerationRequest Request { get; }

    public ChannelReader<GenerationEvent> Events => _events.Reader;

    /// <summary>The prompt and the answer so far. What lies beyond the slot's tokens is still to be evaluated.</summary>
    public List<int> History { get; }

    public int PromptLength { get; }

    public int GeneratedCount => History.Count - PromptLength;

    public AnswerText Text { get; }

    public ConstraintWalker Constraints { get; }

    public GrammarSamplerHandle? Grammar { get; }

    public PromptLookup? Lookup { get; }

    /// <summary>The tokens of the request's given answer; null where the model chooses.</summary>
    public int[]? GivenAnswer { get; }

    public Random Random { get; }

    /// <summary>When the request came, in <see cref="TimeProvider"/> ticks.</summary>
    public long Arrival { get; }

    public SequenceSlot? Slot { get; set; }

    public int ReusedCount { get; set; }

    public int DraftedCount { get; set; }

    public int AcceptedCount { get; set; }

    public long Started { get; set; }

    public long FirstTokenAt { get; set; }

    /// <summary>Where this request's tokens begin in the current batch.</summary>
    public int BatchStart { get; set; }

    /// <summary>Tokens of this request in the current batch, drafted ones included.</summary>
    public int BatchCount { get; set; }

    /// <summary>The tokens drafted for the current batch.</summary>
    public List<int> Draft { get; } = [];

    public bool IsCancelled => Volatile.Read(ref _cancelled) != 0;

    /// <summary>Whether a running decode works mostly for this request, so that cancelling it should stop the decode.</summary>
    public bool OwnsBatch
    {
        get => Volatile.Read(ref _inBatch) != 0;
        set => Volatile.Write(ref _inBatch, value ? 1 : 0);
    }

    /// <summary>Asks the decode thread to drop the request. Any thread may call it, more than once.</summary>
    public void Cancel() => Volatile.Write(ref _cancelled, 1);

    /// <summary>What the request cost until now.</summary>
    public GenerationUsage CreateUsage(TimeProvider time)
    {
        var now = time.GetTimestamp();
        var firstToken = FirstTokenAt == 0 ? now : FirstTokenAt;
        return new GenerationUsage
        {
            PromptTokens = PromptLength,
            ReusedTokens = ReusedCount,
            GeneratedTokens = GeneratedCount,
            DraftedTokens = DraftedCount,
            AcceptedTokens = AcceptedCount,
            Queued = time.GetElapsedTime(Arrival, Started),
            Prefill = time.GetElapsedTime(Started, firstToken),
            FirstToken = time.GetElapsedTime(Arrival, firstToken),
            Decode = time.GetElapsedTime(firstToken, now),
        };
    }

    /// <summary>When events were last handed over, in <see cref="TimeProvider"/> ticks.</summary>
    public long HandedOverAt { get; private set; }

    /// <summary>Adds an event to those that the next <see cref="HandOver"/> gives to the reader.</summary>
    public void Report(GenerationEvent generationEvent) => _reported.Add(generationEvent);

    /// <summary>Wakes the reader for all that was reported. Waking costs as much as a small model's token, so that it is not done for each.</summary>
    public void HandOver(long now)
    {
        HandedOverAt = now;
        foreach (var reported in _reported)
        {
            _events.Writer.TryWrite(reported);
        }

        _reported.Clear();
    }

    /// <summary>Ends the event stream, with an error or without.</summary>
    public void Complete(Exception? error = null)
    {
        HandOver(HandedOverAt);
        _events.Writer.TryComplete(error);
    }

    public void Dispose() => Grammar?.Dispose();
}
