using System.CommandLine;
using GptOss.CodeAssist.EngineDaemon;
using GptOss.CodeAssist.Inference;
using GptOss.CodeAssist.Inference.Llama;
using Microsoft.Extensions.Logging;

namespace GptOss.CodeAssist.Cli.Engines;

/// <summary>Decides in which process a model runs.</summary>
/// <remarks>
/// Without <c>--engine</c>, <c>serve</c> shares the engine of every model that is worth sharing, and the other verbs use a shared one where it runs already:
/// whoever asks once leaves no process behind. Measurements always have their own.
/// </remarks>
internal sealed class EngineSelection(CliEnvironment environment)
{
    public const string Embedded = "embedded";
    public const string Shared = "shared";

    /// <summary>A smaller model is loaded sooner than it is found.</summary>
    private const long WorthSharing = 64L << 20;

    private string? _choice;
    private bool _isServer;

    /// <summary>Takes what the command line says.</summary>
    public void Read(ParseResult parsed, GlobalOptions options)
    {
        var verb = parsed.CommandResult.Command;
        _choice = parsed.GetValue(options.Engine);
        _isServer = verb is RootCommand || verb.Name == "serve";
        if (_choice is null && (verb.Name == "bench" || verb.Parents.Any(parent => parent.Name == "eval")))
        {
            _choice = Embedded;
        }
    }

    /// <summary>Starts loading the model and returns at once.</summary>
    /// <exception cref="CommandFailure">The shared engine was asked for and there is no place for it.</exception>
    public IInferenceEngine Start(LlamaEngineOptions options, ILogger logger)
    {
        if (_choice == Embedded || (_choice is null && !IsWorthSharing(options)))
        {
            return environment.StartEngine(options, logger);
        }

        try
        {
            var order = EngineOrder.For(environment, options);
            var address = order.AddressIn(environment.OpenEngineFolder());
            return _choice == Shared || _isServer || address.IsOwned() ? Share(environment, order, address, logger) : environment.StartEngine(options, logger);
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
    public static SharedEngine Share(CliEnvironment environment, EngineOrder order, EngineAddress address, ILogger logger)
    {
        var shared = new SharedEngineOptions
        {
            Address = address,
            Build = order.Build,
            Model = order.Options.ModelPath,
            StartProcess = address =>
            {
                File.WriteAllText(address.OrderPath, order.ToJson());
                return environment.StartEngineProcess(address);
            },
        };
        return SharedEngine.Start(shared, logger, environment.Time);
    }

    private static bool IsWorthSharing(LlamaEngineOptions options) => new FileInfo(options.ModelPath) is { Exists: true, Length: >= WorthSharing };
}
