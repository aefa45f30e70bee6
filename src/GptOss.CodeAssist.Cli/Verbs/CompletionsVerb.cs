using System.CommandLine;

namespace GptOss.CodeAssist.Cli.Verbs;

/// <summary><c>completions SHELL</c>: a script that lets a shell complete this program's command lines.</summary>
/// <remarks>The scripts ask this program through its <c>[suggest:POSITION]</c> directive, so that they know every verb, option and model without listing any.</remarks>
internal sealed class CompletionsVerb(CliEnvironment environment)
{
    private static readonly Dictionary<string, string> Scripts = new() { ["bash"] = "bash.sh", ["zsh"] = "zsh.sh", ["fish"] = "fish.fish", ["pwsh"] = "pwsh.ps1" };

    private readonly Argument<string> _shell = new("SHELL") { Description = "bash, zsh, fish or pwsh; the script's first lines say where it belongs." };

    public Command Create()
    {
        _shell.AcceptOnlyFromAmong([.. Scripts.Keys]);
        var command = new Command("completions", "Prints the script with which a shell completes this program's command lines.") { _shell };
        command.SetAction(RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var name = $"Completions.{Scripts[parsed.GetRequiredValue(_shell)]}";
        await using var script = typeof(CompletionsVerb).Assembly.GetManifestResourceStream(name) ?? throw new InvalidOperationException($"{name} is not embedded.");
        using var reader = new StreamReader(script);
        await using var writer = environment.OpenWriter();
        await writer.WriteAsync(await reader.ReadToEndAsync(cancellationToken));
        return ExitCodes.Done;
    }
}
