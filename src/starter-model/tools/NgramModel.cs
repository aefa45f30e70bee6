using System.Text;

namespace GptOss.CodeAssist.StarterModel;

/// <summary>
/// The baseline: what most often followed the longest known run of at most five tokens. Trained on the same tokens as the model.
/// </summary>
/// <remarks>An entry is a run's hash (48 bits) and the token that followed (16 bits); sorted, a run's followers lie together.</remarks>
internal sealed class NgramModel
{
    private const int Order = 6;

    private readonly IReadOnlyList<byte[]> _tokens;
    private readonly ulong[][] _entries;

    /// <param name="tokens">The vocabulary's bytes.</param>
    /// <param name="text">The training text's tokens, one file after another.</param>
    public NgramModel(IReadOnlyList<byte[]> tokens, ushort[] text)
    {
        _tokens = tokens;
        _entries = new ulong[Order][];
        Parallel.For(0, Order, new ParallelOptions { MaxDegreeOfParallelism = 2 }, context =>
        {
            var entries = new ulong[text.Length - context];
            for (var place = context; place < text.Length; place++)
            {
                entries[place - context] = Hash(text.AsSpan(place - context, context)) | text[place];
            }

            Array.Sort(entries);
            _entries[context] = entries;
        });
    }

    /// <summary>Continues a text to the end of its line; the last token of the text is written anew, as the engine does.</summary>
    public string Complete(IReadOnlyList<ushort> before, int maximumTokens)
    {
        var text = before.Take(before.Count - 1).ToList();
        var pending = before.Count == 0 ? [] : _tokens[before[^1]];
        var healed = pending.Length;
        var said = new List<byte>();
        for (var count = 0; count < maximumTokens && FindNext(text, pending) is { } next; count++)
        {
            text.Add(next);
            said.AddRange(_tokens[next]);
            pending = _tokens[next].Length >= pending.Length ? [] : pending[_tokens[next].Length..];
            if (said.Count > healed && said.IndexOf((byte)'\n', healed) >= 0)
            {
                break;
            }
        }

        var answer = Encoding.UTF8.GetString([.. said.Skip(healed)]);
        var end = answer.IndexOf('\n', StringComparison.Ordinal);
        return end < 0 ? answer : answer[..end];
    }

    private ushort? FindNext(List<ushort> text, byte[] pending)
    {
        Span<ushort> run = stackalloc ushort[Order];
        for (var context = Math.Min(Order - 1, text.Count); context >= 0; context--)
        {
            for (var index = 0; index < context; index++)
            {
                run[index] = text[text.Count - context + index];
            }

            if (FindMostFrequent(_entries[context], Hash(run[..context]), pending) is { } next)
            {
                return next;
            }
        }

        return null;
    }

    private ushort? FindMostFrequent(ulong[] entries, ulong hash, byte[] pending)
    {
        var start = Array.BinarySearch(entries, hash);
        start = start < 0 ? ~start : start;
        while (start > 0 && entries[start - 1] == hash)
        {
            start--;
        }

        (ushort? Token, int Count) best = (null, 0);
        for (var index = start; index < entries.Length && (entries[index] ^ hash) <= ushort.MaxValue;)
        {
            var end = index + 1;
            while (end < entries.Length && entries[end] == entries[index])
            {
                end++;
            }

            var token = (ushort)entries[index];
            if (end - index > best.Count && token < _tokens.Count && Agrees(_tokens[token], pending))
            {
                best = (token, end - index);
            }

            index = end;
        }

        return best.Token;
    }

    private static bool Agrees(byte[] token, byte[] pending)
    {
        var common = Math.Min(token.Length, pending.Length);
        return token.AsSpan(0, common).SequenceEqual(pending.AsSpan(0, common));
    }

    private static ulong Hash(ReadOnlySpan<ushort> run)
    {
        // FNV-1a, 64 bits, with a last mixing step.
        var hash = 14695981039346656037UL ^ (ulong)run.Length;
        foreach (var token in run)
        {
            hash = (hash ^ token) * 1099511628211UL;
        }

        return (hash ^ (hash >> 29)) * 0xBF58476D1CE4E5B9UL & ~(ulong)ushort.MaxValue;
    }
}
