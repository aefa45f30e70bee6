using GptOss.CodeAssist.Inference.Llama.Native;

namespace GptOss.CodeAssist.Inference.Llama.Decoding;

/// <summary>The sequences of one context, and which of them a request gets.</summary>
/// <remarks>Used by the decode thread only.</remarks>
internal sealed class SlotPool
{
    /// <summary>Shortest beginning of a prompt, in tokens, for which copying another slot's cache is cheaper than evaluating.</summary>
    private const int MinCopiedPrefix = 128;

    private readonly SequenceSlot[] _slots;
    private long _uses;

    public SlotPool(LlamaContextHandle context, int slots, int slidingWindow, bool fullSlidingWindowCache)
    {
        var keepCheckpoints = slidingWindow > 0 && !fullSlidingWindowCache;
        _slots = [.. Enumerable.Range(0, slots).Select(id => new SequenceSlot(context, id, slidingWindow, keepCheckpoints))];
    }

    public int Count => _slots.Length;

    public int FreeCount => _slots.Count(slot => slot.Current is null);

    /// <summary>Gives a free slot to a request and takes its cache back to what the prompt shares with it. There must be a free one.</summary>
    public SequenceSlot Occupy(Generation generation, ReadOnlySpan<int> prompt)
    {
        var key = generation.Request.CacheKey;
        var slot = Choose(key, prompt);

        // The last prompt token is evaluated in any case, because its logits are needed.
        generation.ReusedCount = slot.RollBack(Math.Min(slot.CountCommonPrefix(prompt), prompt.Length - 1));
        slot.Current = generation;
        slot.Key = key;
        slot.LastUse = ++_uses;
        return slot;
    }

    /// <summary>The slot of the same key; else the free slot that shares most, if nobody's key pins it; else the least recently used.</summary>
    private SequenceSlot Choose(string? key, ReadOnlySpan<int> prompt)
    {
        SequenceSlot? own = null, oldest = null, closest = null;
        var closestLength = -1;
        foreach (var slot in _slots)
        {
            var shared = slot.CountCommonPrefix(prompt);
            if (shared > closestLength)
            {
                (closest, closestLength) = (slot, shared);
            }

            if (slot.Current is not null)
            {
                continue;
            }

            if (key is not null && slot.Key == key)
            {
                own = slot;
            }

            oldest = oldest is null || slot.LastUse < oldest.LastUse ? slot : oldest;
        }

        if (own is not null)
        {
            return own;
        }

        if (closest!.Current is null && closestLength > 0 && (key is null || closest.Key is null))
        {
            return closest;
        }

        // Another document's or conversation's beginning is worth copying; its own cache stays as it is.
        if (closestLength >= MinCopiedPrefix && closest != oldest)
        {
            oldest!.CopyFrom(closest, closestLength);
        }

        return oldest!;
    }
}
