using System.CommandLine;
using GptOss.CodeAssist.EngineDaemon;
using GptOss.CodeAssist.Inference;
using GptOss.CodeAssist.Inference.Llama;
using GptOss.CodeAssist.Settings;
using Microsoft.Extensions.Logging;

namespace GptOss.CodeAssist.Cli.Engines;

/// <summary>Decides in which process a model runs.</summary>
/// <remarks>
/// With <c>auto</c>, <c>serve</c> shares the engine of every model that is worth sharing, and the other verbs use a shared one where it runs already:
/// whoever asks once leaves no process behind. Measurements always have their own.
/// </remarks>
internal sealed class EngineSelection(CliEnvironment environment)
{
    public const string Auto = "auto";
    public const string Embedded = "embedded";
    public const string Shared = "shared";

    /// <summary>A smaller model is loaded sooner than it is found.</summary>
    private const long WorthSharing = 64L << 20;

    private ParseResult? _parsed;
    private GlobalOptions _options = new();

    /// <summary>Takes what the command line says.</summary>
    public void Read(ParseResult parsed, GlobalOptions options) => (_parsed, _options) = (parsed, options);

    /// <summary>Starts loading the model and returns at once.</summary>
    /// <exception cref="CommandFailure">The shared engine was asked for and there is no place for it.</exception>
    public IInferenceEngine Start(LlamaEngineOptions options, ILogger logger)
    {
        var parsed = _parsed ?? throw new InvalidOperationException("The command line was not read.");
        var settings = environment.OpenSettings(_options.ReadCommandLine(parsed)).For(null);
        var verb = parsed.CommandResult.Command;
        var isMeasuring = verb.Name == "bench" || verb.Parents.Any(parent => parent.Name == "eval");
        var choice = isMeasuring && parsed.GetValue(_options.Engine) is null ? Embedded : settings.Get(SettingsSchema.Engine);
        if (choice == Embedded || (choice == Auto && !IsWorthSharing(options)))
        {
            return environment.StartEngine(options, logger);
        }

        try
        {
            var order = EngineOrder.For(environment, options);
            var address = order.AddressIn(environment.OpenEngineFolder());
            var isServer = verb is RootCommand || verb.Name == "serve";
            return choice == Shared || isServer || address.IsOwned() ? Share(environment, order, settings, address, logger) : environment.StartEngine(options, logger);
        }
        catch (IOException exception) when (choice == Shared)
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
}
