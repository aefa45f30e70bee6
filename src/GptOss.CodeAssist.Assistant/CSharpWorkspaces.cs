using GptOss.CodeAssist.CSharpContext;
using GptOss.CodeAssist.CSharpContext.Workspace;
using Microsoft.Extensions.Logging;

namespace GptOss.CodeAssist.Assistant;

/// <summary>The C# workspaces around the documents that are worked on, each opened at the first sight of one of its files.</summary>
/// <remarks>May be called from any thread. Loading happens in the background; nothing here waits for it but <see cref="PrepareAsync"/>.</remarks>
/// <param name="findFolder">The folder that belongs to a file's workspace; null for a loose file, which has none.</param>
public sealed class CSharpWorkspaces(Func<string, string?> findFolder, ILogger logger, TimeProvider? time = null) : IAsyncDisposable
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, CSharpWorkspace> _workspaces = new(StringComparer.Ordinal);
    private readonly Dictionary<string, CSharpWorkspace?> _byFolder = new(StringComparer.Ordinal);

    /// <summary>The newest compilation of a document's project with the document's text in it; null while there is none.</summary>
    public CompiledProject? FindProject(DocumentSnapshot document)
    {
        if (document.LanguageId != "csharp" || FindWorkspace(document.Path) is not { } workspace)
        {
            return null;
        }

        workspace.SetText(document.Path, document.Text);
        return workspace.FindProject(document.Path);
    }

    /// <summary>Waits until a document's project is compiled.</summary>
    public async Task PrepareAsync(DocumentSnapshot document, CancellationToken cancellationToken)
    {
        if (document.LanguageId == "csharp" && FindWorkspace(document.Path) is { } workspace)
        {
            await workspace.PrepareDocumentAsync(document.Path, cancellationToken);
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var workspace in _workspaces.Values)
        {
            await workspace.DisposeAsync();
        }
    }

    /// <summary>Null for a loose file, and where the folder does not exist, as for a document that was never saved.</summary>
    private CSharpWorkspace? FindWorkspace(string path)
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

    private CSharpWorkspace Open(string root)
    {
        if (!_workspaces.TryGetValue(root, out var workspace))
        {
            logger.LogInformation("Reading the C# projects of {Folder}.", root);
            _workspaces[root] = workspace = CSharpWorkspace.Open([root], new CSharpWorkspaceOptions(), logger, time);
        }

        return workspace;
    }
}
