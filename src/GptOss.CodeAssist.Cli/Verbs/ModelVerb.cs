using System.CommandLine;

namespace GptOss.CodeAssist.Cli.Verbs;

/// <summary><c>model</c>: everything about model files.</summary>
internal static class ModelVerb
{
    public static Command Create(GlobalOptions options, CliEnvironment environment) => new("model", "Fetches, lists, checks and removes models.")
    {
        new ModelPullVerb(environment).Create(),
        new ModelListVerb(options, environment).Create(),
        new ModelInfoVerb(options, environment).Create(),
        new ModelUseVerb(environment).Create(),
        new ModelVerifyVerb(options, environment).Create(),
        new ModelRemoveVerb(environment).Create(),
    };
}
