using System.Collections.Concurrent;

namespace GptOss.CodeAssist.CSharpContext.Workspace;

/// <summary>What the disk and the editor have changed and the compilations do not know yet.</summary>
/// <remarks>Safe from any thread. Only collects; hundreds of changes, as a switch of branches makes, are taken in together.</remarks>
internal sealed class PendingChanges
{
    public const string RestoredPackages = "project.assets.json";

    private readonly ConcurrentDictionary<string, byte> _texts = new(CompiledProject.PathComparer);
    private int _mustRead;
    private int _mustDescribe;

    /// <summary>The text of a file.</summary>
    public void AddText(string path) => _texts[path] = 0;

    /// <summary>The list of files: some came or went.</summary>
    public void AddFiles() => Volatile.Write(ref _mustRead, 1);

    /// <summary>Notes what a change on disk means, and lists the files that it touches.</summary>
    /// <param name="path">Full path of a file or folder that was changed, made or deleted.</param>
    /// <param name="projects">The projects as they are known.</param>
    public IReadOnlyList<string> AddDisk(string path, LoadedProjects projects)
    {
        if (IsSource(path))
        {
            if (File.Exists(path) != projects.Knows(path))
            {
                AddFiles();
            }

            AddText(path);
            return [path];
        }

        if (IsProjectFile(path) || IsIgnoreFile(path))
        {
            AddFiles();
            if (IsProjectFile(path))
            {
                Volatile.Write(ref _mustDescribe, 1);
            }

            return [];
        }

        var below = projects.FilesBelow(path).ToList();
        if (below.Count > 0 || Directory.Exists(path))
        {
            AddFiles();
            below.ForEach(AddText);
        }

        return below;
    }

    public bool TakeMustRead() => Interlocked.Exchange(ref _mustRead, 0) == 1;

    public bool TakeMustDescribe() => Interlocked.Exchange(ref _mustDescribe, 0) == 1;

    /// <summary>The files whose text changed, each once.</summary>
    public IEnumerable<string> TakeTexts()
    {
        foreach (var path in _texts.Keys)
        {
            if (_texts.TryRemove(path, out _))
            {
                yield return path;
            }
        }
    }

    public static bool IsSource(string path) => path.EndsWith(".cs", StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether what a workspace knows may hang on a file; its extension tells, so that a folder's path may count too.</summary>
    public static bool Counts(string path) => IsSource(path) || IsProjectFile(path) || IsIgnoreFile(path);

    /// <summary>The files of a workspace that count, with what a restore wrote, which lies where nothing else is looked at.</summary>
    public static IEnumerable<string> ListFiles(WorkspaceFileFilter filter, CancellationToken cancellationToken)
    {
        foreach (var path in filter.EnumerateFiles(cancellationToken).Where(Counts))
        {
            yield return path;
            var restored = Path.Combine(Path.GetDirectoryName(path)!, "obj", RestoredPackages);
            if (path.EndsWith(".csproj", StringComparison.OrdinalIgnoreCase) && File.Exists(restored))
            {
                yield return restored;
            }
        }
    }

    /// <summary>Whether a change of a path may count, be it a folder's: most that is written to a disk is build output, packages and logs.</summary>
    public static bool MayCount(string path, WorkspaceFileFilter filter, LoadedProjects projects) => Path.GetFileName(path) == RestoredPackages
        || filter.MayRead(path) && (Counts(path) || Directory.Exists(path) || projects.FilesBelow(path).Any());

    public static bool IsIgnoreFile(string path) => Path.GetFileName(path) is ".gitignore" or ".gptossignore";

    private static bool IsProjectFile(string path) =>
        Path.GetExtension(path) is ".csproj" or ".props" or ".targets" or ".projitems" or ".sln" or ".slnx" or ".slnf" || Path.GetFileName(path) is RestoredPackages or "global.json" or ".editorconfig" or ".globalconfig";
}
