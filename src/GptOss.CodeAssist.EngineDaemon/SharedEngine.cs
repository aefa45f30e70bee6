using System.Runtime.CompilerServices;
using GptOss.CodeAssist.EngineDaemon.Client;
using GptOss.CodeAssist.Inference;
using Microsoft.Extensions.Logging;

namespace GptOss.CodeAssist.EngineDaemon;

/// <summary>The engine in the process that all editors of this user share.</summary>
/// <remarks>
/// <see cref="Start"/> returns at once; the process is found or started in the background, and found or started again when it is lost.
/// Requests wait for it. What was being answered when it was lost fails with <see cref="InferenceError.EngineLost"/>.
/// </remarks>
public sealed class SharedEngine : IInferenceEngine
{
    private const string Lost = "The engine process ended unexpectedly; another is being started.";

    /// <summary>How often requests may make a failed client look again.</summary>
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(1);

    private readonly EngineConnector _connector;
    private readonly EngineSearch<EngineConnection> _search;
    private readonly ILogger _logger;

    private SharedEngine(SharedEngineOptions options, ILogger logger, TimeProvider time)
    {
        _logger = logger;
        _connector = new EngineConnector(options, logger, time);
        _search = new EngineSearch<EngineConnection>(LookAsync, Explain, time);
    }

    public EngineStatus Status => _search.Status;

    public event Action<EngineStatus>? StatusChanged
    {
        add => _search.StatusChanged += value;
        remove => _search.StatusChanged -= value;
    }

    /// <summary>Begins to look for the engine and returns at once.</summary>
    public static SharedEngine Start(SharedEngineOptions options, ILogger logger, TimeProvider time)
    {
        var engine = new SharedEngine(options, logger, time);
        engine._search.Start();
        return engine;
    }

    public Task<ModelDescription> WaitForModelAsync(CancellationToken cancellationToken) => _search.WaitForModelAsync(cancellationToken);

    public async ValueTask<int> CountTokensAsync(string text, CancellationToken cancellationToken) =>
        await (await _search.WaitAsync(cancellationToken)).CountTokensAsync(text, cancellationToken);

    public async IAsyncEnumerable<GenerationEvent> GenerateAsync(GenerationRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var connection = await _search.WaitAsync(cancellationToken);
        await foreach (var happened in connection.GenerateAsync(request, cancellationToken))
        {
            yield return happened;
        }
    }

    public ValueTask DisposeAsync() => _search.DisposeAsync();

    private async Task LookAsync(CancellationToken closing)
    {
        var mayStart = true;
        while (true)
        {
            try
            {
                var connection = await _connector.ConnectAsync(mayStart, why => _search.Report(new EngineStatus.Restarting(why)), closing);
                mayStart = await ServeAsync(connection, closing);
                if (!mayStart)
                {
                    await _search.WaitUntilWantedAsync(LookAgain, Timeout.InfiniteTimeSpan, closing);
                }
            }
            catch (EngineLostAtStartException lost)
            {
                _logger.LogWarning("{Message}", lost.Message);
                _search.Report(new EngineStatus.Restarting(Lost));
            }
            catch (EngineRefusedException refused)
            {
                _search.Report(new EngineStatus.Failed(InferenceError.Unavailable, refused.Message));
                await _search.WaitUntilWantedAsync(LookAgain, Timeout.InfiniteTimeSpan, closing);
            }
        }
    }

    private string Explain(Exception failure)
    {
        _logger.LogError(failure, "The shared engine's client failed.");
        return $"The shared engine cannot be used: {failure.Message} Use --engine embedded to do without it.";
    }

    /// <summary>Uses a connection until it ends. False when the engine was stopped on purpose.</summary>
    private async Task<bool> ServeAsync(Stream stream, CancellationToken closing)
    {
        await using var connection = new EngineConnection(stream, _search.Report);
        await using var close = closing.UnsafeRegister(_ => _ = connection.DisposeAsync().AsTask(), null);
        var running = connection.RunAsync();
        _search.Connect(connection);
        var farewell = await running;
        closing.ThrowIfCancellationRequested();
        _logger.LogWarning("{Message}", farewell ?? Lost);
        _search.Connect(null);
        _search.Report(farewell is null ? new EngineStatus.Restarting(Lost) : new EngineStatus.Failed(InferenceError.Unavailable, farewell));
        return farewell is null;
    }
}
