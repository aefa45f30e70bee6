using System.Collections.Concurrent;

namespace GptOss.CodeAssist.CSharpContext.Workspace;

/// <summary>When files were last written and how long they are: tells what has changed between two looks at a disk.</summary>
/// <remarks>Safe from any thread; two looks at once may each tell of a change.</remarks>
internal sealed class FileStamps
{
    private readonly ConcurrentDictionary<string, (DateTime Written, long Length)> _known = new(CompiledProject.PathComparer);

    /// <summary>Notes a file as it is now.</summary>
    public void Note(string path) => _known[path] = Of(path);

    /// <summary>The files that came, changed or went since the last look.</summary>
    /// <param name="files">Full paths of all files that there are now.</param>
    public IReadOnlyList<string> Look(IEnumerable<string> files)
    {
        var changed = new List<string>();
        var gone = _known.Keys.ToHashSet(CompiledProject.PathComparer);
        foreach (var path in files)
        {
            gone.Remove(path);
            var stamp = Of(path);
            if (!_known.TryGetValue(path, out var known) || known != stamp)
            {
                _known[path] = stamp;
                changed.Add(path);
            }
        }

        foreach (var path in gone)
        {
            _known.TryRemove(path, out _);
            changed.Add(path);
        }

        return changed;
    }

    private static (DateTime Written, long Length) Of(string path)
    {
        var file = new FileInfo(path);
        return file.Exists ? (file.LastWriteTimeUtc, file.Length) : default;
    }
}
