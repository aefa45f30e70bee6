using System.Collections.Immutable;
using System.Text.Json.Nodes;

namespace GptOss.CodeAssist.Cli.Showing;

/// <summary>What <c>config show --json</c> prints.</summary>
/// <param name="UserFile">Where the user's own settings are, or would be.</param>
/// <param name="WorkspaceFile">Where the workspace's are, or would be; null outside any.</param>
/// <param name="Problems">A sentence about every value that does not count.</param>
internal sealed record ConfigReport(string UserFile, string? WorkspaceFile, ImmutableArray<ConfigReport.Value> Settings, ImmutableArray<string> Problems)
{
    /// <summary>One setting.</summary>
    /// <param name="Origin"><c>builtIn</c>, <c>userFile</c>, <c>workspaceFile</c>, <c>editor</c> or <c>commandLine</c>.</param>
    /// <param name="Place">The file, or words for the place.</param>
    internal sealed record Value(string Key, JsonNode? Current, string Origin, string Place, string Description);
}
