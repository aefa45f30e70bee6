using System.Collections.Immutable;
using GptOss.CodeAssist.CSharpContext;
using GptOss.CodeAssist.CSharpContext.Workspace;
using Microsoft.Extensions.Logging;

namespace GptOss.CodeAssist.Assistant;

/// <summary>The C# workspaces around the documents that are worked on, each opened once, at the first sight of one of its files, for every feature that looks into it.</summary>
/// <remarks>May be called from any thread. Loading happens in the background; nothing here waits for it but <see cref="PrepareAsync"/>.</remarks>
/// <param name="findFolder">The folder that belongs to a file's workspace; null for a loose file, which has none.</param>
public sealed class CSharpWorkspaces(Func<string, string?> findFolder, ILogger logger, TimeProvider? time = null) : IAsyncDisposable
{
    private readonly Lock _lock = new();
    private readonly List<OpenWorkspace> _open = [];
    private readonly Dictionary<string, OpenWorkspace?> _byFolder = new(StringComparer.Ordinal);

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

    /// <summary>The solution of a file's workspace, or with null of the one opened first; null where there is none.</summary>
    public ISolutionSource? FindSource(string? path)
    {
        if (path is not null)
        {
            return FindWorkspace(path)?.Solution;
        }

        lock (_lock)
        {
            return _open.FirstOrDefault()?.Solution;
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
        foreach (var open in _open)
        {
            open.Solution.Dispose();
            await open.Workspace.DisposeAsync();
        }
    }

    /// <summary>Null for a loose file, and where the folder does not exist, as for a document that was never saved.</summary>
    private OpenWorkspace? FindWorkspace(string path)
    {
        if (Path.GetDirectoryName(path) is not { Length: > 0 } folder)
        {
            return null;
        }

        lock (_lock)
        {
            if (!_byFolder.TryGetValue(folder, out var workspace))
            {
                _byFolder[folder] = workspace = Directory.Exists(folder) && findFolder(path) is { } root ? Open(root) : null;
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
        var workspace = CSharpWorkspace.Open([root], new CSharpWorkspaceOptions(), logger, time);
        var opened = new OpenWorkspace(root, workspace, new WorkspaceSolution(workspace));
        _open.Add(opened);
        return opened;
    }

    private sealed record OpenWorkspace(string Folder, CSharpWorkspace Workspace, WorkspaceSolution Solution);
}
