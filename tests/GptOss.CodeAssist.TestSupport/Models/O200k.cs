using System.Collections.Immutable;
using System.IO.Compression;
using System.Reflection;
using System.Text;

namespace GptOss.CodeAssist.TestSupport.Models;

/// <summary>OpenAI's o200k vocabulary: 199,998 byte sequences, whose position is both their id and their merge rank.</summary>
internal static class O200k
{
    private static readonly Lazy<ImmutableArray<byte[]>> LazyTokens = new(Load);
    private static readonly Lazy<Dictionary<string, int>> LazyRanks = new(() => Tokens.Select((token, rank) => (token, rank)).ToDictionary(pair => Key(pair.token), pair => pair.rank));

    /// <summary>All tokens in the order of their ranks; the first 256 are the single bytes.</summary>
    public static ImmutableArray<byte[]> Tokens => LazyTokens.Value;

    /// <summary>The pattern that cuts text into words before merging, as OpenAI publishes it for o200k_base.</summary>
    public const string Pattern =
        @"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+(?i:'s|'t|'re|'ve|'m|'ll|'d)?" +
        @"|[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*(?i:'s|'t|'re|'ve|'m|'ll|'d)?" +
        @"|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+";

    /// <summary>Adds the tokens at <paramref name="ranks"/> and everything that they are merged from.</summary>
    public static void AddClosure(SortedSet<int> closure, IEnumerable<int> ranks)
    {
        var open = new Stack<int>(ranks);
        while (open.TryPop(out var rank))
        {
            if (closure.Add(rank) && FindParents(rank) is var (left, right))
            {
                open.Push(left);
                open.Push(right);
            }
        }
    }

    /// <summary>The two tokens whose merge makes the token at <paramref name="rank"/>; null for single bytes.</summary>
    /// <remarks>Byte-pair encoding of the token's own bytes with all merges that come before it, until two pieces are left.</remarks>
    private static (int Left, int Right)? FindParents(int rank)
    {
        var ranks = LazyRanks.Value;
        var pieces = Tokens[rank].Select(one => Key([one])).ToList();
        while (pieces.Count > 2)
        {
            var (best, bestRank) = (-1, rank);
            for (var i = 0; i + 1 < pieces.Count; i++)
            {
                if (ranks.TryGetValue(pieces[i] + pieces[i + 1], out var pairRank) && pairRank < bestRank)
                {
                    (best, bestRank) = (i, pairRank);
                }
            }

            if (best < 0)
            {
                return null;
            }

            pieces[best] += pieces[best + 1];
            pieces.RemoveAt(best + 1);
        }

        return pieces.Count == 2 ? (ranks[pieces[0]], ranks[pieces[1]]) : null;
    }

    private static string Key(byte[] token) => Encoding.Latin1.GetString(token);

    /// <summary>Reads the resource of Microsoft.ML.Tokenizers.Data.O200kBase: deflated lines of one token in base64, in rank order, after a line that gives their number.</summary>
    private static ImmutableArray<byte[]> Load()
    {
        var assembly = Assembly.Load("Microsoft.ML.Tokenizers.Data.O200kBase");
        using var resource = assembly.GetManifestResourceStream(assembly.GetManifestResourceNames().Single())!;
        using var reader = new StreamReader(new DeflateStream(resource, CompressionMode.Decompress));
        var tokens = ImmutableArray.CreateBuilder<byte[]>(200_000);
        while (reader.ReadLine() is { } line)
        {
            if (!line.StartsWith("Capacity", StringComparison.Ordinal))
            {
                var end = line.IndexOf(' ', StringComparison.Ordinal);
                tokens.Add(Convert.FromBase64String(end < 0 ? line : line[..end]));
            }
        }

        return tokens.DrainToImmutable();
    }
}
