using GptOss.CodeAssist.Cli;
using GptOss.CodeAssist.Inference.Llama;

#pragma warning disable RS0030 // This is the one place that takes stdout; whatever else writes to the console goes to stderr from here on.
var output = Console.OpenStandardOutput();
#pragma warning restore RS0030
Console.SetOut(Console.Error);

return await CommandLine.RunAsync(args, new CliEnvironment
{
    Input = Console.OpenStandardInput(),
    Output = output,
    Error = Console.Error,
    IsInputTerminal = !Console.IsInputRedirected,
    IsOutputTerminal = !Console.IsOutputRedirected,
    IsErrorTerminal = !Console.IsErrorRedirected,
    ProgramFolder = AppContext.BaseDirectory,
    TrustFile = Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData) is { Length: > 0 } data ? Path.Combine(data, "gptoss-codeassist", "trusted-folders.json") : null,
    Time = TimeProvider.System,
    StartEngine = (options, logger) => LlamaEngine.Start(options, logger),
    StartServer = ServerProcess.Start,
});
