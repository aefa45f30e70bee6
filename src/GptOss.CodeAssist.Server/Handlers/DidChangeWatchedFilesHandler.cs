using GptOss.CodeAssist.Assistant;
using GptOss.CodeAssist.CSharpContext.Workspace;
using GptOss.CodeAssist.Protocol;

namespace GptOss.CodeAssist.Server.Handlers;

/// <summary><c>workspace/didChangeWatchedFiles</c>: files changed on disk, by a checkout, a build or another program.</summary>
internal sealed class DidChangeWatchedFilesHandler(CSharpWorkspaces? workspaces)
{
    /// <summary>What this server wants to hear of.</summary>
    public static RegistrationParams Registration { get; } = new()
    {
        Registrations =
        [
            new Registration
            {
                Id = "gptOss/watchedFiles",
                Method = "workspace/didChangeWatchedFiles",
                RegisterOptions = new DidChangeWatchedFilesRegistrationOptions
                {
                    Watchers = [.. CSharpWorkspace.WatchedFiles.Select(pattern => new Protocol.FileSystemWatcher { GlobPattern = pattern })],
                },
            },
        ],
    };

    public Task<NoResult> HandleAsync(Snapshot snapshot, DidChangeWatchedFilesParams parameters, CancellationToken cancellationToken)
    {
        workspaces?.FilesChanged([.. parameters.Changes.Select(change => ProtocolConversions.GetPath(change.Uri)).Distinct()]);
        return Task.FromResult(NoResult.Instance);
    }
}
