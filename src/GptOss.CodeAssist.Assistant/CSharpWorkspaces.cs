using System.Collections.Immutable;
using GptOss.CodeAssist.Assistant.Completion;
using GptOss.CodeAssist.CSharpContext;
using GptOss.CodeAssist.CSharpContext.Related;
using GptOss.CodeAssist.CSharpContext.Workspace;
using Microsoft.Extensions.Logging;

namespace GptOss.CodeAssist.Assistant;

/// <summary>The workspaces around the documents that are worked on, each opened once, at the first sight of one of its files, for every feature that looks into it.</summary>
/// <remarks>May be called from any thread. Loading happens in the background; nothing here waits for it but <see cref="PrepareAsync"/>.</remarks>
/// <param name="findFolder">The folder that belongs to a file's workspace; null for a loose file, which has none.</param>
/// <param name="trust">Which folders MSBuild may load; null trusts none and asks nobody.</param>
public sealed class CSharpWorkspaces(Func<string, string?> findFolder, ILogger logger, TimeProvider? time = null, FolderTrust? trust = null) : ICompletionWorkspace, IAsyncDisposable
{
    private readonly FolderTrust _trust = trust ?? new FolderTrust(() => TrustPolicy.Never, null, logger);
    private readonly Lock _lock = new();
    private bool _watchesDisk;
    private readonly List<OpenWorkspace> _open = [];
    private readonly List<string> _editorFolders = [];
    private readonly List<Task> _closing = [];
    private readonly Dictionary<string, OpenWorkspace?> _byFolder = new(StringComparer.Ordinal);

    /// <summary>Raised once for a folder with projects about which nobody has decided whether MSBuild may load them; <see cref="Decide"/> takes the answer.</summary>
    public event Action<string>? TrustWanted;

    /// <summary>Raised on a thread of the pool when a folder's projects begin to be read, and again for MSBuild.</summary>
    public event Action<WorkspaceLoading>? Loading;

    /// <summary>Full paths of the folders opened so far, the oldest first.</summary>
    public ImmutableArray<string> Folders
    {
        get
        {
            lock (_lock)
            {
                return [.. _open.Select(open => open.Folder)];
            }
        }
    }

    /// <summary>The newest compilation of a document's project with the document's text in it; null while there is none.</summary>
    public CompiledProject? FindProject(DocumentSnapshot document)
    {
        if (document.LanguageId != "csharp" || FindWorkspace(document.Path) is not { Workspace: var workspace })
        {
            return null;
        }

        workspace.SetText(document.Path, document.Text);
        return workspace.FindProject(document.Path);
    }

    public async Task<RelatedCode> FindRelatedAsync(CSharpDocument document, int caret, ContextDeadline deadline, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(document);
        return FindWorkspace(document.Path) is { } workspace ? await workspace.Related.FindAsync(document, caret, deadline, cancellationToken) : RelatedCode.None;
    }

    public async Task<RelatedCode> FindRelatedTextAsync(DocumentSnapshot document, int caret, ContextDeadline deadline, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(document);
        if (FindWorkspace(document.Path) is not { } workspace)
        {
            return RelatedCode.None;
        }

        workspace.Workspace.SetTextOfOtherLanguage(document.Path, document.Text);
        return await workspace.RelatedText.FindAsync(document.Path, document.Text, caret, deadline, cancellationToken);
    }

    public string NameOf(DocumentSnapshot document) => FindWorkspace(document.Path) is { } workspace
        ? Path.GetRelativePath(workspace.Folder, document.Path).Replace('\\', '/')
        : Path.GetFileName(document.Path);

    public EmptyReason? FindExclusion(DocumentSnapshot document) => ExcludedFiles.Find(document.Path, FindWorkspace(document.Path)?.Workspace.Filter);

    /// <summary>The solution of a file's workspace, or with null of the one opened first, or of the editor's first folder; null where there is none.</summary>
    public ISolutionSource? FindSource(string? path)
    {
        if (path is not null)
        {
            return FindWorkspace(path)?.Solution;
        }

        string[] folders;
        lock (_lock)
        {
            if (_open is [var first, ..])
            {
                return first.Solution;
            }

            folders = [.. _editorFolders];
        }

        return folders.Select(FindWorkspaceOf).FirstOrDefault(workspace => workspace is not null)?.Solution;
    }

    /// <summary>The person opened and closed folders. What lies in a closed one is let go of.</summary>
    /// <param name="added">Full paths.</param>
    /// <param name="removed">Full paths.</param>
    public void ChangeFolders(IEnumerable<string> added, IEnumerable<string> removed)
    {
        lock (_lock)
        {
            string[] closed = [.. removed.Select(Path.TrimEndingDirectorySeparator)];
            _editorFolders.RemoveAll(closed.Contains);
            _editorFolders.AddRange(added.Select(Path.TrimEndingDirectorySeparator).Except(_editorFolders).ToArray());
            foreach (var open in _open.Where(open => closed.Any(folder => IsInside(open.Folder, folder)) && !_editorFolders.Any(folder => IsInside(open.Folder, folder))).ToArray())
            {
                logger.LogInformation("Letting go of the C# projects of {Folder}.", open.Folder);
                _open.Remove(open);
                _closing.Add(open.CloseAsync());
            }

            ForgetFolders(folder => folder is null || !_open.Contains(folder));
        }
    }

    /// <summary>Files were made, changed or deleted on disk; what the editor has open keeps the editor's text.</summary>
    /// <param name="paths">Full paths, in any folder.</param>
    public void FilesChanged(IReadOnlyCollection<string> paths)
    {
        OpenWorkspace[] open;
        lock (_lock)
        {
            // A new project or solution file can make a folder a workspace's that was none's before.
            ForgetFolders(folder => folder is null);
            open = [.. _open];
        }

        foreach (var workspace in open)
        {
            string[] inside = [.. paths.Where(path => IsInside(path, workspace.Folder))];
            if (inside.Length > 0)
            {
                workspace.Workspace.FilesChanged(inside);
            }
        }
    }

    /// <summary>The editor tells of no changes on disk: the workspaces, those open and those to come, look for themselves.</summary>
    public void WatchDisk()
    {
        OpenWorkspace[] open;
        lock (_lock)
        {
            _watchesDisk = true;
            open = [.. _open];
        }

        foreach (var workspace in open)
        {
            _ = workspace.Workspace.WatchDiskAsync();
        }
    }

    /// <summary>The person decided whether MSBuild may load a folder's projects; remembered, and done at once where the folder is open.</summary>
    public void Decide(string folder, bool isTrusted)
    {
        _trust.Decide(folder, isTrusted);
        if (isTrusted)
        {
            OpenWorkspace? open;
            lock (_lock)
            {
                open = _open.Find(open => open.Folder == folder);
            }

            if (open is not null)
            {
                open.Workspace.Trust();
                TellMSBuild(open);
            }
        }
    }

    /// <summary>Waits until a document's project is compiled.</summary>
    public async Task PrepareAsync(DocumentSnapshot document, CancellationToken cancellationToken)
    {
        if (document.LanguageId == "csharp" && FindWorkspace(document.Path) is { Workspace: var workspace })
        {
            await workspace.PrepareDocumentAsync(document.Path, cancellationToken);
        }
    }

    /// <summary>The editor closed a document: the disk counts again.</summary>
    public void Close(string path)
    {
        if (Path.GetDirectoryName(path) is { Length: > 0 } folder)
        {
            OpenWorkspace? workspace;
            lock (_lock)
            {
                workspace = _byFolder.GetValueOrDefault(folder);
            }

            workspace?.Workspace.Close(path);
        }
    }

    public async ValueTask DisposeAsync()
    {
        Task[] closing;
        lock (_lock)
        {
            closing = [.. _closing, .. _open.Select(open => open.CloseAsync())];
            _open.Clear();
        }

        await Task.WhenAll(closing);
    }

    private static bool IsInside(string path, string folder) =>
        path.StartsWith(folder, StringComparison.Ordinal) && (path.Length == folder.Length || folder.EndsWith(Path.DirectorySeparatorChar) || path[folder.Length] == Path.DirectorySeparatorChar);

    private void ForgetFolders(Predicate<OpenWorkspace?> isStale)
    {
        foreach (var (folder, _) in _byFolder.Where(known => isStale(known.Value)).ToArray())
        {
            _byFolder.Remove(folder);
        }
    }

    /// <summary>Null for a loose file, and where the folder does not exist, as for a document that was never saved.</summary>
    private OpenWorkspace? FindWorkspace(string path)
    {
        return Path.GetDirectoryName(path) is { Length: > 0 } folder ? FindWorkspaceOf(folder) : null;
    }

    private OpenWorkspace? FindWorkspaceOf(string folder)
    {
        lock (_lock)
        {
            if (!_byFolder.TryGetValue(folder, out var workspace))
            {
                _byFolder[folder] = workspace = Directory.Exists(folder) && findFolder(Path.Combine(folder, "any")) is { } root ? Open(root) : null;
            }

            return workspace;
        }
    }

    private OpenWorkspace Open(string root)
    {
        if (_open.Find(open => open.Folder == root) is { } known)
        {
            return known;
        }

        logger.LogInformation("Reading the C# projects of {Folder}.", root);
        var isTrusted = _trust.Find(root);
        var unwanted = new CancellationTokenSource();
        var workspace = CSharpWorkspace.Open([root], new CSharpWorkspaceOptions { IsTrusted = isTrusted == true, MSBuildUnwanted = unwanted.Token }, logger, time);
        var opened = new OpenWorkspace(root, workspace, new WorkspaceSolution(workspace), new RelatedCodeFinder(workspace, time), new RelatedTextFinder(workspace, time), unwanted);
        _open.Add(opened);
        _ = Task.Run(() => TellLoading(opened, isTrusted == true));
        if (_watchesDisk)
        {
            _ = workspace.WatchDiskAsync();
        }

        if (isTrusted is null)
        {
            _ = WantTrustAsync(opened);
        }

        return opened;
    }

    private void TellLoading(OpenWorkspace opened, bool isTrusted)
    {
        Loading?.Invoke(new WorkspaceLoading($"Reading the C# projects of {Path.GetFileName(opened.Folder)}", opened.Workspace.Loaded, Describe(opened), Stop: null));
        if (isTrusted)
        {
            TellMSBuild(opened);
        }
    }

    private void TellMSBuild(OpenWorkspace opened) =>
        Loading?.Invoke(new WorkspaceLoading($"Loading the C# projects of {Path.GetFileName(opened.Folder)} with MSBuild", opened.Workspace.Built, Describe(opened), () => _ = opened.MSBuildUnwanted.CancelAsync()));

    private static Func<string> Describe(OpenWorkspace opened) => () =>
    {
        var (projects, problems) = (opened.Workspace.Projects.Length, opened.Workspace.Degradations);
        return $"{projects} {(projects == 1 ? "project" : "projects")}{(problems.IsEmpty ? "" : $"; {problems[0]}{(problems.Length == 1 ? "" : $" (and {problems.Length - 1} more: `gptoss-codeassist doctor` names them)")}")}";
    };

    /// <summary>Where there is no project there is nothing to ask about.</summary>
    private async Task WantTrustAsync(OpenWorkspace opened)
    {
        await opened.Workspace.Loaded.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (opened.Workspace.Loaded.IsCompletedSuccessfully && opened.Workspace.Projects.Any(project => File.Exists(project.Path)))
        {
            TrustWanted?.Invoke(opened.Folder);
        }
    }

    private sealed record OpenWorkspace(string Folder, CSharpWorkspace Workspace, WorkspaceSolution Solution, RelatedCodeFinder Related, RelatedTextFinder RelatedText, CancellationTokenSource MSBuildUnwanted)
    {
        public async Task CloseAsync()
        {
            Solution.Dispose();
            await Workspace.DisposeAsync();
        }
    }
}
