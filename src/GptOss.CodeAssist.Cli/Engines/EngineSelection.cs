using System.CommandLine;
using GptOss.CodeAssist.EngineDaemon;
using GptOss.CodeAssist.Inference;
using GptOss.CodeAssist.Inference.Llama;
using GptOss.CodeAssist.Inference.OpenAi;
using GptOss.CodeAssist.Settings;
using Microsoft.Extensions.Logging;

namespace GptOss.CodeAssist.Cli.Engines;

/// <summary>Decides in which process a model runs, or which server has it.</summary>
/// <remarks>
/// With <c>auto</c>, <c>serve</c> shares the engine of every model that is worth sharing, and the other verbs use a shared one where it runs already:
/// whoever asks once leaves no process behind. Measurements have their own, but where the command line says otherwise.
/// </remarks>
internal sealed class EngineSelection(CliEnvironment environment)
{
    public const string Auto = "auto";
    public const string Embedded = "embedded";
    public const string Shared = "shared";

    /// <summary>A smaller model is loaded sooner than it is found.</summary>
    private const long WorthSharing = 64L << 20;

    private string _choice = Auto;
    private bool _isServer;
    private SettingsSnapshot _settings = SettingsSnapshot.Defaults;

    /// <summary>The model server that was chosen; null for none.</summary>
    public ServerEngineOptions? Server { get; private set; }

    /// <summary>Takes what the command line says, and what the settings say where it says nothing.</summary>
    /// <exception cref="CommandFailure">It names an engine that there is not.</exception>
    public void Read(ParseResult parsed, GlobalOptions options)
    {
        var verb = parsed.CommandResult.Command;
        var isMeasuring = verb.Name == "bench" || verb.Parents.Any(parent => parent.Name == "eval");
        _isServer = verb is RootCommand || verb.Name == "serve";
        _settings = environment.OpenSettings(options.ReadCommandLine(parsed)).For(null);
        _choice = isMeasuring && parsed.GetValue(options.Engine) is null ? Embedded : _settings.Get(SettingsSchema.Engine);
        Server = _choice is Auto or Embedded or Shared ? null : new ServerEngineOptions
        {
            Address = ParseAddress(_choice),
            Model = parsed.GetValue(options.Model) ?? _settings.Get(SettingsSchema.ServerModel),
            Key = FindKey(),
            Agent = $"gptoss-codeassist/{CommandLine.Version.Split('+')[0]}",
        };
    }

    /// <summary>Starts loading the model and returns at once.</summary>
    /// <exception cref="CommandFailure">The shared engine was asked for and there is no place for it.</exception>
    public IInferenceEngine Start(LlamaEngineOptions options, ILogger logger)
    {
        if (Server is { } server)
        {
            Warn(server.Address, logger);
            return environment.StartServerEngine(server, logger);
        }

        if (_choice == Embedded || (_choice == Auto && !IsWorthSharing(options)))
        {
            return environment.StartEngine(options, logger);
        }

        try
        {
            var order = EngineOrder.For(environment, options);
            var address = order.AddressIn(environment.OpenEngineFolder());
            return _choice == Shared || _isServer || address.IsOwned() ? Share(environment, order, _settings, address, logger) : environment.StartEngine(options, logger);
        }
        catch (IOException exception) when (_choice == Shared)
        {
            throw CommandFailure.Failed(exception.Message);
        }
        catch (IOException exception)
        {
            logger.LogWarning("The engine runs in this process: {Reason}", exception.Message);
            return environment.StartEngine(options, logger);
        }
    }

    /// <summary>The engine of an order in the process that is shared, started where it does not run.</summary>
    public static SharedEngine Share(CliEnvironment environment, EngineOrder order, SettingsSnapshot settings, EngineAddress address, ILogger logger)
    {
        var shared = new SharedEngineOptions
        {
            Address = address,
            Build = order.Build,
            Model = order.Options.ModelPath,
            StartProcess = address =>
            {
                new EngineLaunch(order, settings.Get(SettingsSchema.EngineIdleMinutes)).Write(address);
                return environment.StartEngineProcess(address);
            },
        };
        return SharedEngine.Start(shared, logger, environment.Time);
    }

    private static bool IsWorthSharing(LlamaEngineOptions options) => new FileInfo(options.ModelPath) is { Exists: true, Length: >= WorthSharing };

    private static ServerAddress ParseAddress(string url)
    {
        try
        {
            return ServerAddress.Parse(url);
        }
        catch (FormatException exception)
        {
            throw CommandFailure.Usage($"--engine wants {Auto}, {Embedded}, {Shared} or the address of a model server. {exception.Message}");
        }
    }

    private ServerKey FindKey()
    {
        if (_settings.Get(SettingsSchema.ServerKeyFile) is { } file)
        {
            var path = Path.GetFullPath(file, environment.ConfigFolder);
            return new ServerKey(path, () => File.ReadAllText(path));
        }

        var variable = _settings.Get(SettingsSchema.ServerKeyVariable);
        return new ServerKey(variable, () => environment.FindVariable(variable));
    }

    private void Warn(ServerAddress address, ILogger logger)
    {
        if (address.Warning is not { } warning)
        {
            return;
        }

        // An editor shows the server's log; in a terminal the other verbs log almost nothing.
        if (_isServer)
        {
            logger.LogWarning("{Warning}", warning);
        }
        else
        {
            environment.Error.WriteLine($"Warning: {warning}");
        }
    }
}
