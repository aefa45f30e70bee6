using System.CommandLine;
using Microsoft.Extensions.Logging;

namespace GptOss.CodeAssist.Cli;

/// <summary>Options that every verb understands.</summary>
internal sealed class GlobalOptions
{
    public Option<string?> Model { get; } = new("--model", "-m")
    {
        Description = "The model to use: a GGUF file or a name of `model list`; without it the small C# model that comes with the program.",
        HelpName = "MODEL",
        Recursive = true,
    };

    /// <summary>The model that a command line or, without one there, the user has chosen; null for the starter.</summary>
    public string? FindModel(ParseResult parsed) => parsed.GetValue(Model);

    public Option<LogLevel?> LogLevel { get; } = new("--log-level")
    {
        Description = "How much is written to stderr: Trace, Debug, Information, Warning, Error or None.",
        HelpName = "LEVEL",
        Recursive = true,
    };

    /// <summary>For the verbs that answer something; each adds it itself.</summary>
    public Option<bool> Json { get; } = new("--json") { Description = "Answer as one JSON object." };
}
