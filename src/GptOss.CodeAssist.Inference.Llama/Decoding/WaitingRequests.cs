using System.Collections.Concurrent;

namespace GptOss.CodeAssist.Inference.Llama.Decoding;

/// <summary>The requests that have no slot yet, the most urgent and then the oldest first; never more than <see cref="Capacity"/>.</summary>
/// <remarks>Any thread may call <see cref="Add"/>; the rest is the decode thread's.</remarks>
internal sealed class WaitingRequests
{
    /// <summary>One request more is refused, so that a stuck editor cannot fill the memory.</summary>
    public const int Capacity = 64;

    private readonly ConcurrentQueue<Generation> _arrivals = new();
    private readonly List<Generation> _ordered = [];
    private int _count;
    private InferenceException? _closed;

    /// <exception cref="InferenceException">Too many requests wait already, or nobody will serve them any more.</exception>
    public void Add(Generation generation)
    {
        if (Interlocked.Increment(ref _count) > Capacity)
        {
            Interlocked.Decrement(ref _count);
            throw new InferenceException(InferenceError.QueueFull, $"{Capacity} requests are waiting for the model already; try again when some are done.");
        }

        _arrivals.Enqueue(generation);
        if (Volatile.Read(ref _closed) is { } closed)
        {
            throw closed;
        }
    }

    /// <summary>The next request to serve, or null.</summary>
    public Generation? FindNext()
    {
        while (_arrivals.TryDequeue(out var generation))
        {
            // Without a closure: one would be made for every look, and this is looked at between any two tokens.
            var place = 0;
            while (place < _ordered.Count && _ordered[place].Request.Priority <= generation.Request.Priority)
            {
                place++;
            }

            _ordered.Insert(place, generation);
        }

        return _ordered.Count == 0 ? null : _ordered[0];
    }

    public void Remove(Generation generation)
    {
        if (_ordered.Remove(generation))
        {
            Interlocked.Decrement(ref _count);
        }
    }

    /// <summary>Takes out every request that was cancelled while it waited.</summary>
    public IReadOnlyList<Generation> RemoveCancelled()
    {
        // Asked between any two batches, and nearly always nobody was.
        _ = FindNext();
        List<Generation>? cancelled = null;
        for (var i = _ordered.Count - 1; i >= 0; i--)
        {
            if (_ordered[i] is { IsCancelled: true } generation)
            {
                Remove(generation);
                (cancelled ??= []).Insert(0, generation);
            }
        }

        return cancelled ?? (IReadOnlyList<Generation>)[];
    }

    /// <summary>Takes out every request, and refuses those to come with <paramref name="reason"/>.</summary>
    public List<Generation> Close(InferenceException reason)
    {
        // The first reason is the true one.
        Interlocked.CompareExchange(ref _closed, reason, null);
        _ = FindNext();
        List<Generation> all = [.. _ordered];
        all.ForEach(Remove);
        return all;
    }
}
