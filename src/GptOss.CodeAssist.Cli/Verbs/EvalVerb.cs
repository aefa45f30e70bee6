using System.CommandLine;

namespace GptOss.CodeAssist.Cli.Verbs;

/// <summary><c>eval</c>: what the parts of the product are worth on real code.</summary>
internal static class EvalVerb
{
    public static Command Create(GlobalOptions options, CliEnvironment environment) => new("eval", "Measures the parts that can be measured without a person.")
    {
        new EvalCompletionVerb(options, environment).Create(),
        new EvalContextVerb(options, environment).Create(),
        new EvalActionsVerb(options, environment).Create(),
    };
}
