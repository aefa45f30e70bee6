using System.Text.Json;
using GptOss.CodeAssist.Cli;
using GptOss.CodeAssist.ScriptedServer;

#pragma warning disable RS0030 // As in the program itself: the one place that takes stdout.
var output = Console.OpenStandardOutput();
#pragma warning restore RS0030
Console.SetOut(Console.Error);

var script = Environment.GetEnvironmentVariable("GPTOSS_SCRIPT") ?? throw new InvalidOperationException("Set GPTOSS_SCRIPT to a file of rules.");
var rules = JsonSerializer.Deserialize<ScriptRule[]>(await File.ReadAllTextAsync(script), JsonSerializerOptions.Web) ?? [];

return await CommandLine.RunAsync(args, new CliEnvironment
{
    Input = Console.OpenStandardInput(),
    Output = output,
    Error = Console.Error,
    IsInputTerminal = !Console.IsInputRedirected,
    IsOutputTerminal = !Console.IsOutputRedirected,
    IsErrorTerminal = !Console.IsErrorRedirected,
    ProgramFolder = AppContext.BaseDirectory,
    Time = TimeProvider.System,
    StartEngine = (_, _) => new RuleEngine(rules),
    StartServer = _ => throw new InvalidOperationException("A scripted server starts no other."),
});
