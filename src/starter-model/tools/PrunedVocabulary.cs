using System.IO.Compression;
using System.Reflection;
using System.Text;
using Microsoft.ML.Tokenizers;

namespace GptOss.CodeAssist.StarterModel;

/// <summary>The tokens of o200k that a corpus needs: the most frequent ones, every byte, and whatever these are merged from.</summary>
/// <remarks>Order is o200k's, so that the pruned vocabulary cuts text by the same merges, as far as it has them.</remarks>
internal sealed class PrunedVocabulary
{
    private readonly List<byte[]> _all;
    private readonly Dictionary<string, int> _ranks;

    private PrunedVocabulary(List<byte[]> all)
    {
        _all = all;
        _ranks = all.Select((token, rank) => (Key: Latin(token), rank)).ToDictionary(entry => entry.Key, entry => entry.rank, StringComparer.Ordinal);
        Tokens = [];
    }

    /// <summary>The tokens kept, as bytes, in the order of their new ids.</summary>
    public IReadOnlyList<byte[]> Tokens { get; private set; }

    /// <param name="files">What the frequencies are counted on.</param>
    /// <param name="mostFrequent">How many tokens are chosen by frequency; their merge ancestors come on top.</param>
    public static PrunedVocabulary Choose(IReadOnlyList<CorpusFile> files, int mostFrequent)
    {
        var vocabulary = new PrunedVocabulary(ReadO200k());
        var counts = vocabulary.Count(files);
        var kept = new SortedSet<int>(Enumerable.Range(0, vocabulary._all.Count).Where(id => vocabulary._all[id].Length == 1));
        foreach (var id in Enumerable.Range(0, counts.Length).OrderByDescending(id => counts[id]).ThenBy(id => id).Take(mostFrequent))
        {
            vocabulary.Keep(id, kept);
        }

        vocabulary.Tokens = [.. kept.Select(id => vocabulary._all[id])];
        return vocabulary;
    }

    /// <summary>Writes the tokens as tiktoken does: base64 and rank, a token a line.</summary>
    public void Write(string path) =>
        File.WriteAllLines(path, Tokens.Select((token, rank) => $"{Convert.ToBase64String(token)} {rank}"));

    private long[] Count(IReadOnlyList<CorpusFile> files)
    {
        var tokenizer = TiktokenTokenizer.CreateForEncoding("o200k_base");
        var counts = new long[_all.Count];
        Parallel.ForEach(
            files,
            () => new long[_all.Count],
            (file, _, own) =>
            {
                foreach (var id in tokenizer.EncodeToIds(file.Text))
                {
                    own[id]++;
                }

                return own;
            },
            own =>
            {
                lock (counts)
                {
                    for (var id = 0; id < own.Length; id++)
                    {
                        counts[id] += own[id];
                    }
                }
            });
        return counts;
    }

    private void Keep(int id, SortedSet<int> kept)
    {
        if (kept.Add(id) && FindParents(id) is var (left, right))
        {
            Keep(left, kept);
            Keep(right, kept);
        }
    }

    /// <summary>The two tokens whose merge makes this one: byte-pair encoding of its bytes with the merges that come before it.</summary>
    private (int Left, int Right)? FindParents(int id)
    {
        var parts = _all[id].Select(part => new[] { part }).ToList();
        while (parts.Count > 2)
        {
            var (best, bestRank) = (-1, id);
            for (var index = 0; index + 1 < parts.Count; index++)
            {
                if (_ranks.TryGetValue(Latin([.. parts[index], .. parts[index + 1]]), out var rank) && rank < bestRank)
                {
                    (best, bestRank) = (index, rank);
                }
            }

            if (best < 0)
            {
                return null;
            }

            parts[best] = [.. parts[best], .. parts[best + 1]];
            parts.RemoveAt(best + 1);
        }

        return parts.Count == 2 ? (_ranks[Latin(parts[0])], _ranks[Latin(parts[1])]) : null;
    }

    private static string Latin(byte[] bytes) => Encoding.Latin1.GetString(bytes);

    private static List<byte[]> ReadO200k()
    {
        var assembly = Assembly.Load("Microsoft.ML.Tokenizers.Data.O200kBase");
        using var reader = new StreamReader(new DeflateStream(assembly.GetManifestResourceStream(assembly.GetManifestResourceNames()[0])!, CompressionMode.Decompress));
        var tokens = new List<byte[]>();
        while (reader.ReadLine() is { } line)
        {
            if (!line.StartsWith("Capacity", StringComparison.Ordinal))
            {
                tokens.Add(Convert.FromBase64String(line.Split(' ')[0]));
            }
        }

        return tokens;
    }
}
