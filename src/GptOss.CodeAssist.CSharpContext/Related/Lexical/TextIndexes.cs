using System.Collections.Concurrent;
using GptOss.CodeAssist.CSharpContext.Workspace;

namespace GptOss.CodeAssist.CSharpContext.Related.Lexical;

/// <summary>An index for each language but C#, made when a file of the language is first worked on.</summary>
/// <remarks>Safe from any thread; making an index happens in the background.</remarks>
internal sealed class TextIndexes(WorkspaceFileFilter filter, WorkspaceTexts texts, CancellationToken closing)
{
    private const int MaximumFiles = 5_000;

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

    private readonly ConcurrentDictionary<string, Lazy<Task<LexicalIndex>>> _indexes = new(StringComparer.OrdinalIgnoreCase);

    private readonly ConcurrentDictionary<string, byte> _changed = new(CompiledProject.PathComparer);

    /// <summary>The index for a file's language; its task ends when all files are in it.</summary>
    public Task<LexicalIndex> Find(string path)
    {
        var family = FamilyOf(path);
        return _indexes.GetOrAdd(family[0], _ => new Lazy<Task<LexicalIndex>>(() => Task.Run(() => Read(family), closing))).Value;
    }

    /// <summary>A file changed on disk; it is read again before the next search.</summary>
    public void Changed(string path)
    {
        if (_indexes.ContainsKey(FamilyOf(path)[0]))
        {
            _changed[path] = 0;
        }
    }

    /// <summary>Takes what has changed since the last search into an index.</summary>
    public void Refresh(LexicalIndex index, string languageOf)
    {
        var family = FamilyOf(languageOf);
        foreach (var path in _changed.Keys.Where(path => FamilyOf(path)[0].Equals(family[0], StringComparison.OrdinalIgnoreCase)))
        {
            if (_changed.TryRemove(path, out _))
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

    private LexicalIndex Read(string[] family)
    {
        var index = new LexicalIndex();
        foreach (var path in filter.EnumerateFiles(closing).Where(path => family.Contains(Path.GetExtension(path), StringComparer.OrdinalIgnoreCase)).Take(MaximumFiles))
        {
            if (texts.Read(path) is { } text)
            {
                index.Set(path, text);
            }
        }

        index.Compact();
        return index;
    }
}
