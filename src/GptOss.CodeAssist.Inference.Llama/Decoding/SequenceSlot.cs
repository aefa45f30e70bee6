using System.Runtime.InteropServices;
using GptOss.CodeAssist.Inference.Llama.Native;

namespace GptOss.CodeAssist.Inference.Llama.Decoding;

/// <summary>One sequence of the KV cache: which tokens its cells hold, and how far it can be taken back.</summary>
/// <remarks>
/// Used by the decode thread only.
/// Invariant: <see cref="Tokens"/> are exactly the tokens whose cells every layer can go on from.
/// gpt-oss's sliding-window layers forget old positions, and llama.cpp trims such a sequence without a word;
/// <see cref="RollBack"/> therefore looks at what the cache still holds and goes back further, to a checkpoint or to nothing, where it must.
/// </remarks>
internal sealed class SequenceSlot(LlamaContextHandle context, int id, int slidingWindow, bool keepCheckpoints)
{
    /// <summary>Tokens between two checkpoints; a checkpoint of gpt-oss-20b takes about 3 MiB.</summary>
    private const int CheckpointSpacing = 256;

    private const int MaxCheckpoints = 8;

    private readonly List<int> _tokens = [];
    private readonly List<Checkpoint> _checkpoints = [];

    public int Id => id;

    /// <summary>The tokens in the cache, by position.</summary>
    public ReadOnlySpan<int> Tokens => CollectionsMarshal.AsSpan(_tokens);

    public int Count => _tokens.Count;

    /// <summary>The document or conversation whose prompt is cached here; null for none.</summary>
    public string? Key { get; set; }

    /// <summary>Grows with every use, so that the smallest is the least recently used.</summary>
    public long LastUse { get; set; }

    /// <summary>The request that is using the slot; null when it is free.</summary>
    public Generation? Current { get; set; }

    /// <summary>The length of the common beginning of the cache and <paramref name="prompt"/>, in tokens.</summary>
    public int CountCommonPrefix(ReadOnlySpan<int> prompt) => Tokens.CommonPrefixLength(prompt);

    /// <summary>Records tokens that a decode has just put into the cache.</summary>
    public void Append(ReadOnlySpan<int> tokens)
    {
        _tokens.AddRange(tokens);
        if (keepCheckpoints && _tokens.Count - (_checkpoints.Count == 0 ? 0 : _checkpoints[^1].Position) >= CheckpointSpacing)
        {
            SaveCheckpoint();
        }
    }

    /// <summary>Shortens the cache to at most <paramref name="count"/> tokens and returns how many it holds then.</summary>
    public int RollBack(int count)
    {
        if (count >= _tokens.Count)
        {
            return _tokens.Count;
        }

        if (CanGoOnFrom(count))
        {
            Trim(count);
            return count;
        }

        for (var i = _checkpoints.Count - 1; i >= 0; i--)
        {
            var checkpoint = _checkpoints[i];
            if (checkpoint.Position > count)
            {
                continue;
            }

            Trim(checkpoint.Position);
            if (context.RestorePartialState(id, checkpoint.State) && CanGoOnFrom(checkpoint.Position))
            {
                return checkpoint.Position;
            }
        }

        Trim(0);
        return 0;
    }

    /// <summary>Removes whatever an interrupted or partly rejected decode left beyond the recorded tokens; returns how many tokens remain.</summary>
    public int DropUnrecorded()
    {
        var recorded = _tokens.Count;
        if (CanGoOnFrom(recorded))
        {
            context.RemoveFrom(id, recorded);
            return recorded;
        }

        // A token that counts as recorded makes RollBack treat this like any other cut.
        _tokens.Add(-1);
        return RollBack(recorded);
    }

    /// <summary>Makes this slot's cache a copy of another's beginning, and returns how many tokens could be kept.</summary>
    public int CopyFrom(SequenceSlot source, int count)
    {
        context.CopySequence(source.Id, id);
        _tokens.Clear();
        _tokens.AddRange(source._tokens);
        _checkpoints.Clear();
        _checkpoints.AddRange(source._checkpoints);
        return RollBack(count);
    }

    /// <summary>
    /// Whether the window before position <paramref name="count"/> is still there.
    /// The rule is llama.cpp's server's: the smallest position that every layer holds must not lie inside the window.
    /// </summary>
    private bool CanGoOnFrom(int count) => slidingWindow == 0 || context.GetMinPosition(id) <= Math.Max(0, count - slidingWindow);

    private void Trim(int count)
    {
        context.RemoveFrom(id, count);
        _tokens.RemoveRange(count, _tokens.Count - count);
        _checkpoints.RemoveAll(checkpoint => checkpoint.Position > count);
    }

    private void SaveCheckpoint()
    {
        if (_checkpoints.Count == MaxCheckpoints)
        {
            // The first checkpoint is the farthest way back; of the others the oldest is missed least.
            _checkpoints.RemoveAt(1);
        }

        _checkpoints.Add(new Checkpoint(_tokens.Count, context.SavePartialState(id)));
    }

    private sealed record Checkpoint(int Position, byte[] State);
}
