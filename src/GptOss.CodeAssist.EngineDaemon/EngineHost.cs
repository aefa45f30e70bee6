using System.IO.Pipes;
using GptOss.CodeAssist.EngineDaemon.Contract;
using GptOss.CodeAssist.EngineDaemon.Hosting;
using GptOss.CodeAssist.Inference;
using Microsoft.Extensions.Logging;

namespace GptOss.CodeAssist.EngineDaemon;

/// <summary>Serves one engine to every client of this user, until nobody needs it or somebody stops it.</summary>
public sealed class EngineHost : IDisposable
{
    private static readonly TimeSpan OwnerPoll = TimeSpan.FromMilliseconds(50);

    private readonly EngineHostOptions _options;
    private readonly IInferenceEngine _engine;
    private readonly ILogger _logger;
    private readonly TimeProvider _time;
    private readonly DateTimeOffset _started;
    private readonly IdleWatch _idle;
    private readonly Lock _lock = new();
    private readonly HashSet<HostedClient> _clients = [];
    private readonly HashSet<Task> _greetings = [];
    private readonly TaskCompletionSource _stopped = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private EngineHost(EngineHostOptions options, IInferenceEngine engine, ILogger logger, TimeProvider time)
    {
        _options = options;
        _engine = engine;
        _logger = logger;
        _time = time;
        _started = time.GetUtcNow();
        _idle = new IdleWatch(options.IdleTimeout, time);
    }

    /// <summary>Hosts an engine at an address that no other process holds, and disposes it in the end.</summary>
    /// <param name="startEngine">Starts loading and returns at once; called after the address is ours.</param>
    /// <param name="cancellationToken">Stops the host in order.</param>
    public static async Task<EngineHostEnd> RunAsync(
        EngineHostOptions options, Func<IInferenceEngine> startEngine, ILogger logger, TimeProvider time, CancellationToken cancellationToken)
    {
        using var owner = await TakeAddressAsync(options.Address, time, cancellationToken);
        if (owner is null)
        {
            return EngineHostEnd.AlreadyRunning;
        }

        var journal = new EngineJournal(options.Address, time);
        journal.NoteStart();
        await using var engine = startEngine();
        engine.StatusChanged += NoteReady;
        NoteReady(engine.Status);
        using var host = new EngineHost(options, engine, logger, time);
        var end = await host.ServeAsync(cancellationToken);
        logger.LogInformation("Leaving: {End}.", end);

        // From here on a process that hangs in the native library and is killed is no crash that anybody should wait for.
        engine.StatusChanged -= NoteReady;
        journal.NoteEnd();
        return end;

        void NoteReady(EngineStatus status)
        {
            if (status is EngineStatus.Ready)
            {
                journal.NoteReady();
            }
        }
    }

    public void Dispose() => _idle.Dispose();

    /// <summary>Waits for a predecessor that is leaving; null when one is there to stay.</summary>
    private static async Task<FileLock?> TakeAddressAsync(EngineAddress address, TimeProvider time, CancellationToken cancellationToken)
    {
        while (true)
        {
            if (FileLock.TryTake(address.OwnerPath) is { } owner)
            {
                return owner;
            }

            await using var other = await address.FindConnectionAsync(cancellationToken);
            if (other is not null)
            {
                return null;
            }

            await Task.Delay(OwnerPoll, time, cancellationToken);
        }
    }

    private async Task<EngineHostEnd> ServeAsync(CancellationToken cancellationToken)
    {
        using var closing = new CancellationTokenSource();
        await using var asked = cancellationToken.UnsafeRegister(_ => _stopped.TrySetResult(), null);
        var listening = ListenAsync(_options.Address.CreateListener(), closing.Token);
        var first = await Task.WhenAny(_idle.Idle, _stopped.Task, listening);
        await closing.CancelAsync();
        await listening;
        HostedClient[] clients;
        Task[] greetings;
        lock (_lock)
        {
            clients = [.. _clients];
            greetings = [.. _greetings];
        }

        await Task.WhenAll(clients.Select(client => client.DismissAsync("The shared engine was stopped; `gptoss-codeassist engine start` starts it again.")));
        await Task.WhenAll(greetings);
        return first == _idle.Idle ? EngineHostEnd.Idle : EngineHostEnd.Stopped;
    }

    private async Task ListenAsync(NamedPipeServerStream listener, CancellationToken closing)
    {
        try
        {
            while (true)
            {
                try
                {
                    await listener.WaitForConnectionAsync(closing);
                }
                catch (UnauthorizedAccessException exception)
                {
                    _logger.LogWarning("Another user's connection was refused: {Reason}", exception.Message);
                    continue;
                }

                // The next listener comes before this one can close: the socket goes with its last stream.
                var connection = listener;
                listener = _options.Address.CreateListener();
                Begin(connection, closing);
            }
        }
        catch (OperationCanceledException)
        {
            // The host leaves.
        }
        finally
        {
            await listener.DisposeAsync();
        }
    }

    private void Begin(NamedPipeServerStream connection, CancellationToken closing)
    {
        lock (_lock)
        {
            var greeting = Task.Run(() => GreetAsync(connection, closing), CancellationToken.None);
            _greetings.Add(greeting);
            _ = greeting.ContinueWith(Forget, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        }

        void Forget(Task done)
        {
            lock (_lock)
            {
                _greetings.Remove(done);
            }
        }
    }

    private async Task GreetAsync(NamedPipeServerStream connection, CancellationToken closing)
    {
        await using (connection)
        {
            try
            {
                using var patience = new CancellationTokenSource(Handshake.Patience, _time);
                using var limit = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, closing);
                if (await Handshake.FindAsync(connection, HandshakeJson.Default.EngineHello, limit.Token) is { } hello)
                {
                    await AnswerAsync(connection, hello, limit.Token);
                }
            }
            catch (Exception exception) when (exception is OperationCanceledException or IOException or ObjectDisposedException)
            {
                _logger.LogDebug("A connection ended: {Reason}", exception.Message);
            }
#pragma warning disable CA1031 // One client's failure must not end the engine for the others.
            catch (Exception exception)
#pragma warning restore CA1031
            {
                _logger.LogError(exception, "A connection failed.");
            }
        }
    }

    private async Task AnswerAsync(Stream connection, EngineHello hello, CancellationToken limit)
    {
        var refusal = hello.Intent == EngineIntent.Use && (hello.Protocol != Handshake.Protocol || hello.Build != _options.Build)
            ? $"The engine that runs is of another build ({_options.Build}, protocol {Handshake.Protocol}) than this program ({hello.Build}, protocol {hello.Protocol}); end it with `gptoss-codeassist engine stop`."
            : null;
        var isClient = hello.Intent == EngineIntent.Use && refusal is null;
        if (isClient && !_idle.TryEnter())
        {
            // Too late: the client sees the connection close, and starts an engine of its own.
            return;
        }

        try
        {
            await Handshake.WriteAsync(connection, new EngineWelcome(Handshake.Protocol, _options.Build, refusal, Report()), HandshakeJson.Default.EngineWelcome, limit);
            if (hello.Intent == EngineIntent.Stop)
            {
                _stopped.TrySetResult();
            }

            if (isClient)
            {
                await HostAsync(connection, hello);
            }
        }
        finally
        {
            if (isClient)
            {
                _idle.Leave();
            }
        }
    }

    private async Task HostAsync(Stream connection, EngineHello hello)
    {
        await using var client = new HostedClient(connection, _engine, _logger, _time);
        lock (_lock)
        {
            _clients.Add(client);
        }

        _logger.LogInformation("Process {Process} connected.", hello.ProcessId);
        try
        {
            await client.RunAsync();
        }
        finally
        {
            lock (_lock)
            {
                _clients.Remove(client);
            }

            _logger.LogInformation("Process {Process} left.", hello.ProcessId);
        }
    }

    private EngineReport Report()
    {
        var (state, problem) = _engine.Status switch
        {
            EngineStatus.Ready => ("ready", null),
            EngineStatus.Failed failed => ("failed", failed.Reason),
            _ => ("loading", (string?)null),
        };
        lock (_lock)
        {
            return new EngineReport(Environment.ProcessId, _options.Model, state, problem, _idle.Clients, _clients.Sum(client => client.Generations), _started, Environment.WorkingSet);
        }
    }
}
