using System.CommandLine;
using GptOss.CodeAssist.Assistant;
using Microsoft.Extensions.Logging;

namespace GptOss.CodeAssist.Cli.Verbs;

/// <summary><c>--trust</c>: whether MSBuild may load a folder's projects.</summary>
internal static class TrustOption
{
    public static Option<TrustPolicy> Create() => new("--trust")
    {
        Description = "Whether MSBuild may load projects, which runs code of the repository's build: ask (the default: editors ask once a folder), always or never.",
        HelpName = "WHEN",
    };

    /// <summary>The policy with what the person decided about folders earlier.</summary>
    public static FolderTrust Read(ParseResult parsed, Option<TrustPolicy> option, CliEnvironment environment, ILogger logger) =>
        new(parsed.GetValue(option), environment.TrustFile, logger);
}
