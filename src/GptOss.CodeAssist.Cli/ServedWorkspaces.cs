using System.Collections.Immutable;
using GptOss.CodeAssist.Cli.Verbs;
using GptOss.CodeAssist.CSharpContext;
using GptOss.CodeAssist.CSharpContext.Workspace;
using Microsoft.Extensions.Logging;

namespace GptOss.CodeAssist.Cli;

/// <summary>The workspaces that chat and code actions of a server look into, each opened at the first sight of one of its files.</summary>
/// <remarks>May be called from any thread; loading happens in the background.</remarks>
internal sealed class ServedWorkspaces(ILogger logger, TimeProvider time) : IAsyncDisposable
{
    private readonly Lock _lock = new();
    private readonly List<(string Folder, CSharpWorkspace Workspace, WorkspaceSolution Solution)> _open = [];

    /// <summary>Full paths of the folders opened so far.</summary>
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

    /// <summary>The workspace of a file, or with null the first one that was opened; null where there is none.</summary>
    public ISolutionSource? Find(string? path)
    {
        lock (_lock)
        {
            if (path is null)
            {
                return _open.Count > 0 ? _open[0].Solution : null;
            }

            if (!Directory.Exists(Path.GetDirectoryName(path)) || WorkspaceFolder.FindMarked(path) is not { } folder)
            {
                return null;
            }

            var known = _open.FindIndex(open => open.Folder == folder);
            return known >= 0 ? _open[known].Solution : Open(folder);
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var (_, workspace, solution) in _open)
        {
            solution.Dispose();
            await workspace.DisposeAsync();
        }
    }

    private WorkspaceSolution Open(string folder)
    {
        logger.LogInformation("Chat and code actions look into {Folder}", folder);
        var workspace = CSharpWorkspace.Open([folder], new CSharpWorkspaceOptions(), logger, time);
        var solution = new WorkspaceSolution(workspace);
        _open.Add((folder, workspace, solution));
        return solution;
    }
}
