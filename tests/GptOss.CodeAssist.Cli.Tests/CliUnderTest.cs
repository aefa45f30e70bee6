using System.IO.Pipelines;
using System.Text;
using GptOss.CodeAssist.EngineDaemon;
using GptOss.CodeAssist.Inference.Llama;
using GptOss.CodeAssist.TestSupport;

namespace GptOss.CodeAssist.Cli.Tests;

/// <summary>Runs command lines in this process, with a scripted engine in place of a model.</summary>
internal sealed class CliUnderTest(ScriptedEngine engine) : IDisposable
{
    private readonly MemoryStream _output = new();
    private readonly StringWriter _error = new();
    private readonly TemporaryFolder _user = new();

    public string Output => Encoding.UTF8.GetString(_output.ToArray());

    public string Error => _error.ToString();

    /// <summary>What the last run's engine was started with.</summary>
    public string? ModelPath => EngineOptions?.ModelPath;

    /// <summary>Everything that the last run's engine was started with.</summary>
    public LlamaEngineOptions? EngineOptions { get; private set; }

    /// <summary>Environment variables; none of the process's own are seen.</summary>
    public Dictionary<string, string> Variables { get; } = [];

    /// <summary>Where this user's models and settings are kept.</summary>
    public string UserFolder => _user.FullName;

    /// <summary>Where this user's shared engines are found.</summary>
    public string EngineFolderPath => _user.PathOf("e");

    public bool IsInputTerminal { get; init; } = true;

    public Stream Input { get; init; } = Stream.Null;

    /// <summary>Presses Ctrl-C: whether anybody dealt with it.</summary>
    public Func<bool> Interrupt { get; private set; } = () => false;

    public Task<int> RunAsync(params string[] arguments) => CommandLine.RunAsync(arguments, Environment(Input, _output));

    /// <summary>Runs a command line on streams of the test's own.</summary>
    public Task<int> RunOnAsync(Stream input, Stream output, params string[] arguments) => CommandLine.RunAsync(arguments, Environment(input, output));

    /// <summary>Forgets what earlier runs said.</summary>
    public void Clear()
    {
        _output.SetLength(0);
        _error.GetStringBuilder().Clear();
    }

    public void Dispose()
    {
        _output.Dispose();
        _error.Dispose();
        _user.Dispose();
    }

    private CliEnvironment Environment(Stream input, Stream output) => new()
    {
        Input = input,
        Output = output,
        Error = _error,
        IsInputTerminal = IsInputTerminal,
        IsOutputTerminal = false,
        IsErrorTerminal = false,
        ProgramFolder = AppContext.BaseDirectory,
        DataFolder = _user.PathOf("data"),
        ConfigFolder = _user.PathOf("config"),
        FindVariable = name => Variables.GetValueOrDefault(name),
        Time = TimeProvider.System,
        StartEngine = (options, _) =>
        {
            EngineOptions = options;
            return engine;
        },
        StartServer = StartServer,
        OpenEngineFolder = () => EngineFolder.Open(EngineFolderPath),
        WatchInterrupts = handle =>
        {
            Interrupt = handle;
            return new MemoryStream();
        },
    };

    /// <summary>A second command line in this process, joined by pipes.</summary>
    private ServerStreams StartServer(IReadOnlyList<string> arguments)
    {
        var (toServer, fromServer) = (new Pipe(), new Pipe());
        var exit = CommandLine.RunAsync(arguments, Environment(toServer.Reader.AsStream(), fromServer.Writer.AsStream()));
        return new ServerStreams(toServer.Writer.AsStream(), fromServer.Reader.AsStream(), exit);
    }
}
