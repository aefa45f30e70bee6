using System.Collections.Concurrent;
using GptOss.CodeAssist.CSharpContext.Workspace;
using Microsoft.CodeAnalysis.Text;

namespace GptOss.CodeAssist.CSharpContext.Related.Lexical;

/// <summary>An index for each language but C#, made when a file of the language is first worked on.</summary>
/// <remarks>
/// Safe from any thread; making an index happens in the background. Nobody watches these files for us, so that the folder is looked at
/// again from time to time while somebody asks.
/// </remarks>
internal sealed class TextIndexes(WorkspaceFileFilter filter, WorkspaceTexts texts, TimeProvider time, CancellationToken closing)
{
    private const int MaximumFiles = 5_000;

    /// <summary>How old a look at the folder may be before the next question has it looked at again.</summary>
    private static readonly TimeSpan LookAgainAfter = TimeSpan.FromSeconds(30);

    /// <summary>Extensions whose files speak of the same things.</summary>
    private static readonly string[][] Families =
    [
        [".ts", ".tsx", ".js", ".jsx", ".mjs", ".cjs", ".vue", ".svelte"],
        [".c", ".h", ".cc", ".cpp", ".cxx", ".hpp", ".hh", ".m", ".mm"],
        [".java", ".kt", ".kts", ".scala", ".groovy"],
        [".py", ".pyi"],
        [".razor", ".cshtml", ".html", ".htm"],
        [".css", ".scss", ".less"],
        [".fs", ".fsi", ".fsx"],
        [".ps1", ".psm1"],
        [".sh", ".bash", ".zsh"],
        [".yml", ".yaml"],
    ];

    private readonly ConcurrentDictionary<string, Lazy<FamilyIndex>> _indexes = new(StringComparer.OrdinalIgnoreCase);

    private readonly ConcurrentDictionary<string, SourceText> _open = new(CompiledProject.PathComparer);

    private readonly ConcurrentDictionary<string, byte> _changed = new(CompiledProject.PathComparer);

    /// <summary>The index for a file's language; its task ends when all files are in it.</summary>
    public Task<LexicalIndex> Find(string path)
    {
        var family = _indexes.GetOrAdd(FamilyOf(path)[0], _ => new Lazy<FamilyIndex>(() => Start(FamilyOf(path)))).Value;
        family.LookAgain(time, LookAgainAfter, () => _ = Task.Run(() => NoteChanges(family), closing));
        return family.Reading;
    }

    /// <summary>The editor shows this text: opened or changed. The caller has asked whether the file may be read.</summary>
    public void SetOpen(string path, SourceText text)
    {
        _open[path] = text;
        _changed[path] = 0;
    }

    /// <summary>The editor closed the file: the disk counts again.</summary>
    public void Close(string path)
    {
        if (_open.TryRemove(path, out _))
        {
            _changed[path] = 0;
        }
    }

    /// <summary>A file changed on disk; it is read again before the next search.</summary>
    public void Changed(string path)
    {
        if (_indexes.ContainsKey(FamilyOf(path)[0]))
        {
            _changed[path] = 0;
        }
    }

    /// <summary>Takes what has changed since the last search into an index, but for the file that is worked on: it does not search itself.</summary>
    public void Refresh(LexicalIndex index, string asking)
    {
        var family = FamilyOf(asking);
        foreach (var path in _changed.Keys.Where(path => !CompiledProject.PathComparer.Equals(path, asking) && FamilyOf(path)[0].Equals(family[0], StringComparison.OrdinalIgnoreCase)))
        {
            if (!_changed.TryRemove(path, out _))
            {
                continue;
            }

            if (_open.TryGetValue(path, out var shown))
            {
                index.SetOpen(path, shown);
            }
            else
            {
                index.SetOrRemove(path, filter.MayRead(path) ? texts.Read(path) : null);
            }
        }
    }

    private static string[] FamilyOf(string path)
    {
        var extension = Path.GetExtension(path);
        return Families.FirstOrDefault(family => family.Contains(extension, StringComparer.OrdinalIgnoreCase)) ?? [extension];
    }

    private FamilyIndex Start(string[] extensions)
    {
        var family = new FamilyIndex(extensions, time.GetTimestamp());
        family.Reading = Task.Run(() => Read(family), closing);
        return family;
    }

    private LexicalIndex Read(FamilyIndex family)
    {
        var index = new LexicalIndex();
        foreach (var path in FilesOf(family))
        {
            family.Stamps.Note(path);
            if (texts.Read(path) is { } text)
            {
                index.Set(path, text);
            }
        }

        index.Compact();
        return index;
    }

    /// <summary>Notes the files that came, changed or went since the last look.</summary>
    private void NoteChanges(FamilyIndex family)
    {
        foreach (var path in family.Stamps.Look(FilesOf(family)))
        {
            _changed[path] = 0;
        }
    }

    private IEnumerable<string> FilesOf(FamilyIndex family) =>
        filter.EnumerateFiles(closing).Where(path => family.Extensions.Contains(Path.GetExtension(path), StringComparer.OrdinalIgnoreCase)).Take(MaximumFiles);

    /// <summary>The files of one language, and the index of them.</summary>
    private sealed class FamilyIndex(string[] extensions, long lookedAt)
    {
        private long _lookedAt = lookedAt;

        public string[] Extensions { get; } = extensions;

        public FileStamps Stamps { get; } = new();

        public Task<LexicalIndex> Reading { get; set; } = Task.FromResult(new LexicalIndex());

        /// <summary>Looks again where the last look is old and over; one caller does.</summary>
        public void LookAgain(TimeProvider time, TimeSpan after, Action look)
        {
            var last = Volatile.Read(ref _lookedAt);
            if (Reading.IsCompletedSuccessfully && time.GetElapsedTime(last) > after && Interlocked.CompareExchange(ref _lookedAt, time.GetTimestamp(), last) == last)
            {
                look();
            }
        }
    }
}
