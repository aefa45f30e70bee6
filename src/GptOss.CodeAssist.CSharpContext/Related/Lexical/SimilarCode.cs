using System.Buffers;
using System.Runtime.InteropServices;
using Microsoft.CodeAnalysis.Text;

namespace GptOss.CodeAssist.CSharpContext.Related.Lexical;

/// <summary>Code that resembles what stands around a caret, and the words it uses.</summary>
internal static class SimilarCode
{
    private static readonly SearchValues<char> Brackets = SearchValues.Create("{}();, \t");

    private const int LinesBefore = 10;
    private const int LinesAfter = 4;
    private const int MaximumHits = 50;
    private const int MaximumSnippets = 16;
    private const double FolderWeight = 0.3;
    private const double NamedLikeWeight = 0.4;

    /// <summary>The snippets, best first, then the words of all hits, most telling first.</summary>
    /// <param name="index">The workspace's index.</param>
    /// <param name="text">The text being edited.</param>
    /// <param name="path">Its file.</param>
    /// <param name="caret">Offset of the caret.</param>
    /// <param name="inFile">The words that the file holds itself.</param>
    /// <param name="extraWords">Words that describe the place beyond its lines: the names of the member and the type.</param>
    /// <param name="namedLike">Types whose names resemble the place's, best first.</param>
    /// <param name="isProjectName">Whether a word is declared in the project.</param>
    /// <param name="relevance">How much a word shares with the words around the caret.</param>
    /// <param name="isLate">Whether the time is up.</param>
    /// <param name="cancellationToken">Ends the search.</param>
    public static (IReadOnlyList<RelatedItem> Snippets, IReadOnlyList<string> Vocabulary) Find(
        LexicalIndex index, SourceText text, string path, int caret, Dictionary<string, int> inFile, IEnumerable<string> extraWords, IReadOnlyList<string> namedLike, Func<string, bool> isProjectName, Func<string, double> relevance, Func<bool> isLate, CancellationToken cancellationToken)
    {
        var words = QueryOf(text, caret, extraWords);
        var hits = index.Search(words, path, MaximumHits, isLate, cancellationToken);
        if (hits.Count == 0)
        {
            return ([], []);
        }

        var wanted = WordsOf(LastCodeLine(text, caret));
        var inFileLookup = inFile.GetAlternateLookup<ReadOnlySpan<char>>();
        var snippets = new List<RelatedItem>();
        var taken = new HashSet<(string Path, int Line)>();
        var vocabulary = new Dictionary<string, double>(2048, StringComparer.Ordinal);
        var vocabularyLookup = vocabulary.GetAlternateLookup<ReadOnlySpan<char>>();
        var best = hits[0].Score;
        foreach (var hit in hits)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var start = FollowingLine(hit, wanted, words);
            var share = hit.Score / best;
            for (var line = 0; line < hit.Lines.Count; line++)
            {
                var weight = share * (line >= start && line < start + LexicalIndex.ChunkLines ? 1.0 : 0.4);
                var content = hit.Lines[line].AsSpan();
                foreach (var range in Words.Find(content))
                {
                    var word = content[range];
                    if (!inFileLookup.ContainsKey(word) && !Words.IsCommon(word))
                    {
                        CollectionsMarshal.GetValueRefOrAddDefault(vocabularyLookup, word, out _) += weight;
                    }
                }
            }

            if (snippets.Count < MaximumSnippets && taken.Add((hit.Path, (hit.FirstLine + start) / LexicalIndex.ChunkLines)))
            {
                var code = Tidy(hit.Lines.Skip(start).Take(LexicalIndex.ChunkLines));
                if (code.Length > 0)
                {
                    snippets.Add(new RelatedItem(RelatedKind.SimilarCode, $"{Path.GetFileName(hit.Path)}:{hit.FirstLine + start + 1}", hit.Path, "resembles the code at the caret", share, code));
                }
            }
        }

        // What the neighbours in the folder use is likely here too, even where no line of theirs resembles this one.
        var folder = index.WordsOfFolder(Path.GetDirectoryName(path) ?? string.Empty, path, isLate);
        var mostUsed = Math.Max(4, folder.Values.DefaultIfEmpty(0).Max());
        var strongest = vocabulary.Values.DefaultIfEmpty(1).Max();
        foreach (var (word, files) in folder)
        {
            if (!inFile.ContainsKey(word))
            {
                vocabulary[word] = vocabulary.GetValueOrDefault(word) + FolderWeight * strongest * files / mostUsed;
            }
        }

        // Types named like the place are what it deals with, whether or not any line says so yet.
        for (var rank = 0; rank < namedLike.Count; rank++)
        {
            if (!inFile.ContainsKey(namedLike[rank]))
            {
                vocabulary[namedLike[rank]] = vocabulary.GetValueOrDefault(namedLike[rank]) + NamedLikeWeight * strongest * (1 - (double)rank / namedLike.Count);
            }
        }

        var names = vocabulary.Where(entry => isProjectName(entry.Key)).OrderByDescending(entry => entry.Value + strongest * 0.25 * relevance(entry.Key)).ThenBy(entry => entry.Key, StringComparer.Ordinal).Select(entry => entry.Key).Take(600).ToList();
        return (snippets, names);
    }

    private static Dictionary<string, double> QueryOf(SourceText text, int caret, IEnumerable<string> extraWords)
    {
        var words = new Dictionary<string, double>(StringComparer.Ordinal);
        var current = text.Lines.GetLineFromPosition(caret).LineNumber;
        for (var line = Math.Max(0, current - LinesBefore); line <= Math.Min(text.Lines.Count - 1, current + LinesAfter); line++)
        {
            var weight = line <= current ? 1.0 - 0.05 * (current - line) : 0.6 - 0.1 * (line - current);
            AddAll(text.Lines[line].ToString(), weight);
        }

        foreach (var word in extraWords)
        {
            AddAll(word, 0.7);
        }

        return words;

        void AddAll(string line, double weight)
        {
            foreach (var range in Words.Find(line))
            {
                var word = line[range];
                if (!Words.IsCommon(word))
                {
                    words[word] = Math.Max(words.GetValueOrDefault(word), weight);
                }
            }
        }
    }

    private static HashSet<string> WordsOf(string line)
    {
        var words = new HashSet<string>(StringComparer.Ordinal);
        foreach (var range in Words.Find(line))
        {
            if (!Words.IsCommon(line.AsSpan()[range]))
            {
                words.Add(line[range]);
            }
        }

        return words;
    }

    private static string LastCodeLine(SourceText text, int caret)
    {
        for (var line = text.Lines.GetLineFromPosition(caret).LineNumber; line >= 0; line--)
        {
            var span = TextSpan.FromBounds(text.Lines[line].Start, Math.Min(text.Lines[line].End, Math.Max(caret, text.Lines[line].Start)));
            var content = text.ToString(span);
            if (content.AsSpan().IndexOfAnyExcept(Brackets) >= 0)
            {
                return content;
            }
        }

        return string.Empty;
    }

    /// <summary>The line after the one that resembles the last line before the caret most; half a piece down where none does.</summary>
    private static int FollowingLine(LexicalHit hit, HashSet<string> wanted, Dictionary<string, double> words)
    {
        var wantedLookup = wanted.GetAlternateLookup<ReadOnlySpan<char>>();
        var wordsLookup = words.GetAlternateLookup<ReadOnlySpan<char>>();
        var bestLine = -1;
        var bestScore = 0.0;
        for (var line = 0; line < Math.Min(LexicalIndex.ChunkLines, hit.Lines.Count); line++)
        {
            var score = 0.0;
            var content = hit.Lines[line].AsSpan();
            foreach (var range in Words.Find(content))
            {
                score += wantedLookup.Contains(content[range]) ? 2 : wordsLookup.TryGetValue(content[range], out var weight) ? weight : 0;
            }

            if (score > bestScore)
            {
                (bestScore, bestLine) = (score, line);
            }
        }

        return bestLine < 0 ? Math.Min(LexicalIndex.ChunkLines / 2, hit.Lines.Count - 1) : bestLine;
    }

    /// <summary>Without indentation all lines share, blank lines, comments and lines of brackets: they cost tokens and tell nothing.</summary>
    private static string Tidy(IEnumerable<string> lines)
    {
        var kept = lines.Where(line => line.AsSpan().Trim() is var trimmed && !trimmed.StartsWith("//") && !trimmed.StartsWith("using ") && trimmed.IndexOfAnyExcept(Brackets) >= 0).ToList();
        if (kept.Count == 0)
        {
            return string.Empty;
        }

        var indentation = kept.Min(line => line.Length - line.AsSpan().TrimStart().Length);
        return string.Join('\n', kept.Select(line => line[indentation..].TrimEnd()));
    }
}
