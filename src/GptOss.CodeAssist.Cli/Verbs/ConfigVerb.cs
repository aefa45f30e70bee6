using System.CommandLine;
using GptOss.CodeAssist.Settings;

namespace GptOss.CodeAssist.Cli.Verbs;

/// <summary><c>config</c>: the settings, where they come from, and their schema.</summary>
internal static class ConfigVerb
{
    public static Command Create(GlobalOptions options, CliEnvironment environment) => new("config", "Shows and changes the settings.")
    {
        new ConfigShowVerb(options, environment).Create(),
        new ConfigSetVerb(environment).Create(),
        CreateSchema(environment),
    };

    private static Command CreateSchema(CliEnvironment environment)
    {
        var vsCode = new Option<bool>("--vscode") { Description = "As the configuration properties of a VS Code extension." };
        var command = new Command("schema", "Prints the JSON Schema of the settings files.") { vsCode };
        command.SetAction(async (parsed, _) =>
        {
            await using var writer = environment.OpenWriter();
            await writer.WriteLineAsync(parsed.GetValue(vsCode) ? SchemaDocument.CreateVsCodeProperties() : SchemaDocument.CreateJsonSchema());
            return ExitCodes.Done;
        });
        return command;
    }
}
