using System.Collections.Immutable;

namespace GptOss.CodeAssist.Cli;

/// <summary>The folders whose prompt files stand in for the built-in ones; a later one wins.</summary>
internal static class PromptFolders
{
    /// <summary>The user's, then the workspace's.</summary>
    public static ImmutableArray<string> For(params ReadOnlySpan<string> workspaceFolders)
    {
        var folders = ImmutableArray.CreateBuilder<string>();
        folders.Add(Path.Combine(UserFolders.Config, "prompts"));
        foreach (var folder in workspaceFolders)
        {
            folders.Add(Path.Combine(folder, ".gptoss", "prompts"));
        }

        return folders.ToImmutable();
    }
}
