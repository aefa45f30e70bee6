using System.Collections.Concurrent;
using System.Collections.Immutable;
using GptOss.CodeAssist.Assistant;
using Microsoft.Extensions.Logging;

namespace GptOss.CodeAssist.Cli;

/// <summary>The folders whose prompt files stand in for the built-in ones.</summary>
/// <param name="trust">A repository's prompts are instructions to the model that nobody here wrote: they count where the person trusts its folder.</param>
internal sealed class PromptFolders(string configFolder, FolderTrust trust, ILogger logger)
{
    private readonly ConcurrentDictionary<string, bool> _told = new(StringComparer.Ordinal);

    /// <summary>The user's, then the workspace's: a later one wins.</summary>
    /// <param name="workspace">Full path of the folder that is worked in; null for none.</param>
    public ImmutableArray<string> Find(string? workspace)
    {
        var user = Path.Combine(configFolder, "prompts");
        if (workspace is null || Path.Combine(workspace, ".gptoss", "prompts") is not { } own || !Directory.Exists(own))
        {
            return [user];
        }

        if (trust.Find(workspace) == true)
        {
            return [user, own];
        }

        if (_told.TryAdd(own, true))
        {
            logger.LogWarning("The prompts in {Folder} are not used, because the folder of the repository is not trusted; see the setting trust.", own);
        }

        return [user];
    }
}
