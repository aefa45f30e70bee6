using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;
using Microsoft.CodeAnalysis.Text;

namespace GptOss.CodeAssist.CSharpContext.Related.Lexical;

/// <summary>BM25 over ten-line pieces of the workspace's files, changed file by file.</summary>
/// <remarks>
/// Safe from any thread. A search returns the piece after the one that matched as well: what came next there is likely to come next here.
/// Robertson and Zaragoza, "The Probabilistic Relevance Framework: BM25 and Beyond", 2009, with k1 = 1.2 and b = 0.5.
/// </remarks>
internal sealed class LexicalIndex
{
    public const int ChunkLines = 10;

    private const double K1 = 1.2;
    private const double B = 0.5;

    /// <summary>A word in more than this share of all pieces says nothing and costs most of the time.</summary>
    private const double MostCommonShare = 0.05;

    private const int MaximumFolderFiles = 40;

    private readonly Lock _lock = new();
    private readonly ConcurrentDictionary<string, Postings> _terms = new(StringComparer.Ordinal);
    private readonly List<Chunk> _chunks = [];
    private readonly Dictionary<string, IndexedFile> _files = new(CompiledProject.PathComparer);
    private readonly Dictionary<string, long> _recent = new(CompiledProject.PathComparer);
    private readonly Dictionary<string, IReadOnlyDictionary<string, int>> _folders = new(CompiledProject.PathComparer);
    private float[] _scores = [];
    private long _clock;
    private int _dead;
    private long _totalWords;

    public int FileCount
    {
        get
        {
            lock (_lock)
            {
                return _files.Count;
            }
        }
    }

    /// <summary>Indexes a file's text in place of what was known of it.</summary>
    public void Set(string path, SourceText text)
    {
        var file = Prepare(path, text);
        lock (_lock)
        {
            Put(file);
        }
    }

    /// <summary>The same for a file that the editor shows: it counts as recently looked at.</summary>
    public void SetOpen(string path, SourceText text)
    {
        var file = Prepare(path, text);
        lock (_lock)
        {
            Put(file);
            _recent[path] = ++_clock;
        }
    }

    public void SetClosed(string path)
    {
        // It stays recent: what was just closed was just read.
        lock (_lock)
        {
            _recent[path] = ++_clock;
        }
    }

    public void SetOrRemove(string path, SourceText? text)
    {
        if (text is not null)
        {
            Set(path, text);
            return;
        }

        lock (_lock)
        {
            Remove(path);
        }
    }

    /// <summary>In how many pieces a word stands: how usual it is in this workspace.</summary>
    /// <remarks>Takes no lock: it is asked thousands of times a keystroke, while a search holds it.</remarks>
    public int FrequencyOf(string word) => _terms.TryGetValue(word, out var postings) ? postings.Count : 0;

    /// <summary>The best pieces for weighted words, best first.</summary>
    /// <param name="words">Words and their weights.</param>
    /// <param name="excludedPath">The file that is being edited.</param>
    /// <param name="limit">How many hits at most.</param>
    /// <param name="deadline">When to stop scoring: what is scored by then is used.</param>
    /// <param name="cancellationToken">Ends the search.</param>
    public IReadOnlyList<LexicalHit> Search(IReadOnlyDictionary<string, double> words, string excludedPath, int limit, Func<bool> deadline, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            var alive = _chunks.Count - _dead;
            if (alive == 0)
            {
                return [];
            }

            if (_scores.Length < _chunks.Count)
            {
                _scores = new float[_chunks.Count + _chunks.Count / 4]; // Kept from search to search, and all zeros between them.
            }

            var scores = _scores;
            var touched = new List<int>();
            var averageWords = Math.Max(1, (double)_totalWords / alive);
            // Rare words first: they decide, and they are the ones a deadline must not lose.
            var terms = words.Select(word => (Postings: _terms.GetValueOrDefault(word.Key), Weight: word.Value)).Where(entry => entry.Postings is not null).OrderBy(entry => entry.Postings!.Count);
            foreach (var (found, weight) in terms)
            {
                var postings = found!;
                if (cancellationToken.IsCancellationRequested || postings.Count > Math.Max(50, alive * MostCommonShare) || deadline())
                {
                    break;
                }

                var idf = Math.Log(1 + (alive - postings.Count + 0.5) / (postings.Count + 0.5));
                foreach (var (chunkIndex, count) in postings.Entries)
                {
                    var chunk = _chunks[chunkIndex];
                    if (!chunk.IsAlive)
                    {
                        continue;
                    }

                    var score = weight * idf * count * (K1 + 1) / (count + K1 * (1 - B + B * chunk.WordCount / averageWords));
                    if (scores[chunkIndex] == 0)
                    {
                        touched.Add(chunkIndex);
                    }

                    scores[chunkIndex] += (float)score;
                }
            }

            // The best of many thousands: a first cut by score alone keeps the sort short.
            var threshold = Threshold(scores, touched, 3 * limit);
            var hits = touched
                .Where(chunk => scores[chunk] >= threshold && !CompiledProject.PathComparer.Equals(_chunks[chunk].File.Path, excludedPath))
                .Select(chunk => (Chunk: _chunks[chunk], Score: scores[chunk] * BoostOf(_chunks[chunk].File.Path)))
                .OrderByDescending(entry => entry.Score).ThenBy(entry => entry.Chunk.File.Path, StringComparer.Ordinal).ThenBy(entry => entry.Chunk.FirstLine)
                .Take(limit)
                .Select(entry => new LexicalHit(entry.Chunk.File.Path, entry.Chunk.FirstLine, entry.Chunk.File.LinesFrom(entry.Chunk.FirstLine, 2 * ChunkLines), entry.Score))
                .ToList();
            foreach (var chunk in touched)
            {
                scores[chunk] = 0;
            }

            cancellationToken.ThrowIfCancellationRequested();
            return hits;
        }
    }

    /// <summary>How many of a folder's files hold each word, for words in at least two of them; nothing yet where the time is up before they are counted.</summary>
    public IReadOnlyDictionary<string, int> WordsOfFolder(string folder, string excludedPath, Func<bool> isLate)
    {
        List<IndexedFile> files;
        lock (_lock)
        {
            if (_folders.TryGetValue(folder, out var known))
            {
                return known;
            }

            files = [.. _files.Values.Where(file => Path.GetDirectoryName(file.Path) == folder && file.Path != excludedPath).OrderBy(file => file.Path, StringComparer.Ordinal).Take(MaximumFolderFiles)];
        }

        var counts = new Dictionary<string, int>(StringComparer.Ordinal);
        var lookup = counts.GetAlternateLookup<ReadOnlySpan<char>>();
        foreach (var file in files)
        {
            if (isLate())
            {
                return ImmutableDictionary<string, int>.Empty;
            }

            var seen = new HashSet<string>(StringComparer.Ordinal).GetAlternateLookup<ReadOnlySpan<char>>();
            var content = Encoding.UTF8.GetString(file.Utf8).AsSpan();
            foreach (var range in Words.Find(content))
            {
                if (!Words.IsCommon(content[range]) && seen.Add(content[range]))
                {
                    CollectionsMarshal.GetValueRefOrAddDefault(lookup, content[range], out _)++;
                }
            }
        }

        var usual = counts.Where(entry => entry.Value > 1).ToDictionary(StringComparer.Ordinal);
        lock (_lock)
        {
            return _folders[folder] = usual;
        }
    }

    /// <summary>Gives back the memory of lists that have stopped growing.</summary>
    public void Compact()
    {
        lock (_lock)
        {
            foreach (var postings in _terms.Values)
            {
                postings.Entries.TrimExcess();
            }
        }
    }

    /// <summary>The ten files looked at last count up to half as much again.</summary>
    private double BoostOf(string path) => _recent.TryGetValue(path, out var when) && _clock - when < 10 ? 1.5 - (_clock - when) * 0.05 : 1.0;

    private void Put(IndexedFile file)
    {
        if (_files.TryGetValue(file.Path, out var known) && known.Utf8.AsSpan().SequenceEqual(file.Utf8))
        {
            return;
        }

        // A folder's words change slowly; they are counted anew when a file appears in it, not at each keystroke.
        if (!_files.ContainsKey(file.Path))
        {
            _folders.Remove(Path.GetDirectoryName(file.Path) ?? string.Empty);
        }

        Remove(file.Path);
        _files[file.Path] = file;
        foreach (var prepared in file.Prepared!)
        {
            var index = _chunks.Count;
            _chunks.Add(new Chunk(file, prepared.FirstLine, prepared.WordCount));
            file.Chunks.Add(index);
            _totalWords += prepared.WordCount;
            foreach (var (word, count) in prepared.Words)
            {
                var postings = _terms.GetOrAdd(word, static _ => new Postings());
                postings.Entries.Add((index, (byte)Math.Min(count, byte.MaxValue)));
                postings.Count++;
            }
        }

        file.Prepared = null;
    }

    private static float Threshold(float[] scores, List<int> touched, int count)
    {
        if (touched.Count <= count)
        {
            return 0;
        }

        var best = new PriorityQueue<int, float>(count + 1);
        foreach (var chunk in touched)
        {
            if (best.Count < count)
            {
                best.Enqueue(chunk, scores[chunk]);
            }
            else
            {
                best.EnqueueDequeue(chunk, scores[chunk]);
            }
        }

        return scores[best.Peek()];
    }

    private void Remove(string path)
    {
        if (!_files.Remove(path, out var file))
        {
            return;
        }

        // How usual a word is must not count what is gone; the old text tells which words those were.
        foreach (var word in Prepare(path, SourceText.From(Encoding.UTF8.GetString(file.Utf8))).Prepared!.SelectMany(chunk => chunk.Words.Keys))
        {
            _terms[word].Count--;
        }

        foreach (var index in file.Chunks)
        {
            _totalWords -= _chunks[index].WordCount;
            _chunks[index] = _chunks[index] with { IsAlive = false };
            _dead++;
        }

        if (_dead > 1000 && _dead > _chunks.Count / 3)
        {
            Sweep();
        }
    }

    /// <summary>Renumbers what is alive. Typing leaves a file's worth of dead pieces a keystroke; this keeps them a minority.</summary>
    private void Sweep()
    {
        var renumbered = new int[_chunks.Count];
        var alive = 0;
        for (var index = 0; index < _chunks.Count; index++)
        {
            renumbered[index] = _chunks[index].IsAlive ? alive : -1;
            if (_chunks[index].IsAlive)
            {
                _chunks[alive++] = _chunks[index];
            }
        }

        _chunks.RemoveRange(alive, _chunks.Count - alive);
        _dead = 0;
        foreach (var postings in _terms.Values)
        {
            var kept = postings.Entries.Where(entry => renumbered[entry.Chunk] >= 0).Select(entry => (renumbered[entry.Chunk], entry.Count)).ToList();
            postings.Entries.Clear();
            postings.Entries.AddRange(kept);
            postings.Count = kept.Count;
        }

        foreach (var file in _files.Values)
        {
            for (var index = 0; index < file.Chunks.Count; index++)
            {
                file.Chunks[index] = renumbered[file.Chunks[index]];
            }
        }
    }

    private static IndexedFile Prepare(string path, SourceText text)
    {
        var content = text.ToString();
        var file = new IndexedFile(path, Encoding.UTF8.GetBytes(content));
        var prepared = new List<PreparedChunk>();
        var lineCount = text.Lines.Count;
        for (var first = 0; first < lineCount; first += ChunkLines)
        {
            var start = text.Lines[first].Start;
            var end = text.Lines[Math.Min(first + ChunkLines, lineCount) - 1].End;
            var piece = content.AsSpan(start..end);
            var words = new Dictionary<string, int>(StringComparer.Ordinal);
            var lookup = words.GetAlternateLookup<ReadOnlySpan<char>>();
            var count = 0;
            foreach (var range in Words.Find(piece))
            {
                var word = piece[range];
                if (word.Length <= 80 && !Words.IsCommon(word))
                {
                    CollectionsMarshal.GetValueRefOrAddDefault(lookup, word, out _)++;
                    count++;
                }
            }

            if (count > 0)
            {
                prepared.Add(new PreparedChunk(first, count, words));
            }
        }

        file.Prepared = prepared;
        return file;
    }

    private sealed record PreparedChunk(int FirstLine, int WordCount, Dictionary<string, int> Words);

    private readonly record struct Chunk(IndexedFile File, int FirstLine, int WordCount, bool IsAlive = true);

    private sealed class Postings
    {
        public List<(int Chunk, byte Count)> Entries { get; } = new(1);

        public int Count { get; set; }
    }

    /// <summary>A file's text in UTF-8: half the memory of a string, decoded only for hits.</summary>
    private sealed record IndexedFile(string Path, byte[] Utf8)
    {
        public List<int> Chunks { get; } = [];

        public List<PreparedChunk>? Prepared { get; set; }

        public List<string> LinesFrom(int first, int count)
        {
            var lines = new List<string>(count);
            var rest = Utf8.AsSpan();
            for (var line = 0; line < first + count && !rest.IsEmpty; line++)
            {
                var end = rest.IndexOf((byte)'\n');
                if (line >= first)
                {
                    lines.Add(Encoding.UTF8.GetString(end < 0 ? rest : rest[..end]).TrimEnd('\r'));
                }

                rest = end < 0 ? default : rest[(end + 1)..];
            }

            Debug.Assert(lines.Count > 0, "A piece has lines.");
            return lines;
        }
    }
}
