using System.ComponentModel;
using System.Globalization;
using GptOss.CodeAssist.EngineDaemon.Contract;
using Microsoft.Extensions.Logging;

namespace GptOss.CodeAssist.EngineDaemon.Client;

/// <summary>Finds the engine's process, or starts it: one at a time, and not again and again when it dies.</summary>
internal sealed class EngineConnector(SharedEngineOptions options, ILogger logger, TimeProvider time)
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(25);

    /// <summary>How long a process may take from its start until it listens; its model is loaded after that.</summary>
    private static readonly TimeSpan StartPatience = TimeSpan.FromSeconds(60);

    private readonly EngineJournal _journal = new(options.Address, time);

    /// <summary>A connection after its handshake.</summary>
    /// <param name="mayStart">Whether an engine is started where none runs.</param>
    /// <param name="onWaiting">Told why it takes longer.</param>
    /// <exception cref="EngineRefusedException">There is none to be had now.</exception>
    public async Task<Stream> ConnectAsync(bool mayStart, Action<string> onWaiting, CancellationToken cancellationToken)
    {
        var began = time.GetTimestamp();
        while (true)
        {
            if (await FindAsync(cancellationToken) is { } connection)
            {
                return connection;
            }

            if (!mayStart)
            {
                throw new EngineRefusedException("The shared engine was stopped; `gptoss-codeassist engine start` starts it again.");
            }

            using (var launch = FileLock.TryTake(options.Address.LaunchPath))
            {
                // Whoever holds the lock starts the engine for everybody; it may also have done so a moment ago.
                if (launch is not null && !options.Address.IsOwned() && await FindAsync(cancellationToken) is var late)
                {
                    if (late is not null)
                    {
                        return late;
                    }

                    _journal.NoteLoss();
                    await WaitForTurnAsync(onWaiting, cancellationToken);
                    return await StartAsync(cancellationToken);
                }
            }

            if (time.GetElapsedTime(began) > StartPatience)
            {
                throw new EngineRefusedException($"An engine process for {options.Model} is there, but does not answer. End it with `gptoss-codeassist engine stop`; its log is {options.Address.LogPath}.");
            }

            await Task.Delay(Poll, time, cancellationToken);
        }
    }

    /// <summary>Waits until the engine may be started after its crashes.</summary>
    private async Task WaitForTurnAsync(Action<string> onWaiting, CancellationToken cancellationToken)
    {
        var crashes = _journal.ReadCrashes();
        if (RestartPolicy.FindNextStart(crashes) is not { } next)
        {
            var words = _journal.FindLastWords() is { } line ? $" Its last words: {line}" : "";
            var when = crashes.All(crash => !crash.WasReady) ? $"while loading {options.Model}" : $"with {options.Model}";
            throw new EngineRefusedException(
                $"The engine died {crashes.Count} times {when}, and is not started again by itself for ten minutes.{words} See {options.Address.LogPath}; try `gptoss-codeassist doctor`, or another --model; `gptoss-codeassist engine start` tries again.");
        }

        var wait = next - time.GetUtcNow();
        if (wait > TimeSpan.Zero)
        {
            onWaiting(string.Create(CultureInfo.InvariantCulture, $"The engine died {crashes.Count} times in a short while; it is started again in {Math.Ceiling(wait.TotalSeconds)} s. Its log is {options.Address.LogPath}."));
            await Task.Delay(wait, time, cancellationToken);
        }
    }

    private async Task<Stream> StartAsync(CancellationToken cancellationToken)
    {
        logger.LogInformation("Starting the engine for {Model}.", options.Model);
        Task ended;
        try
        {
            ended = options.StartProcess(options.Address);
        }
        catch (Exception exception) when (exception is IOException or Win32Exception)
        {
            throw new EngineRefusedException($"The engine's process could not be started: {exception.Message} Use --engine embedded to do without it.");
        }

        var began = time.GetTimestamp();
        while (true)
        {
            if (await FindAsync(cancellationToken) is { } connection)
            {
                return connection;
            }

            if (ended.IsCompleted && !options.Address.IsOwned())
            {
                // Between the look above and this one it may have died: its mark tells, and without one it died even before.
                var marked = File.Exists(options.Address.RunningPath);
                _journal.NoteLoss();
                if (!marked)
                {
                    _journal.NoteCrash(wasReady: false);
                }

                throw new EngineLostAtStartException();
            }

            if (time.GetElapsedTime(began) > StartPatience)
            {
                throw new EngineRefusedException($"The engine's process was started and does not answer; its log is {options.Address.LogPath}. Use --engine embedded to do without it.");
            }

            await Task.Delay(Poll, time, cancellationToken);
        }
    }

    /// <summary>A connection to the engine that runs; null where none does, or where it is just leaving.</summary>
    private async Task<Stream?> FindAsync(CancellationToken cancellationToken)
    {
        var connection = await options.Address.FindConnectionAsync(cancellationToken);
        if (connection is null)
        {
            return null;
        }

        EngineWelcome? welcome;
        try
        {
            welcome = await EngineVisit.GreetAsync(connection, options.Build, EngineIntent.Use, time, cancellationToken);
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }

        if (welcome is { Refusal: null })
        {
            return connection;
        }

        await connection.DisposeAsync();
        return welcome is null ? null : throw new EngineRefusedException(welcome.Refusal!);
    }
}
