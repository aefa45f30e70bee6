using GptOss.CodeAssist.EngineDaemon.Contract;

namespace GptOss.CodeAssist.EngineDaemon;

/// <summary>A short word with an engine that runs, of whatever build: how it is, or that it is to leave.</summary>
public static class EngineVisit
{
    /// <summary>How the engine is; null where none runs.</summary>
    public static Task<EngineReport?> LookAsync(EngineAddress address, TimeProvider time, CancellationToken cancellationToken) =>
        VisitAsync(address, EngineIntent.Look, time, cancellationToken);

    /// <summary>Tells the engine to leave and waits until its process has let go of everything; null where none ran.</summary>
    /// <exception cref="OperationCanceledException">It takes longer than the caller wants to wait.</exception>
    public static async Task<EngineReport?> StopAsync(EngineAddress address, TimeProvider time, CancellationToken cancellationToken)
    {
        var report = await VisitAsync(address, EngineIntent.Stop, time, cancellationToken);
        while (report is not null && address.IsOwned())
        {
            await Task.Delay(TimeSpan.FromMilliseconds(25), time, cancellationToken);
        }

        return report;
    }

    /// <summary>The handshake from the client's side; null when the host left or speaks another language.</summary>
    internal static async Task<EngineWelcome?> GreetAsync(Stream connection, string build, EngineIntent intent, TimeProvider time, CancellationToken cancellationToken)
    {
        using var patience = new CancellationTokenSource(Handshake.Patience, time);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        try
        {
            await Handshake.WriteAsync(connection, new EngineHello(Handshake.Protocol, build, intent, Environment.ProcessId), HandshakeJson.Default.EngineHello, limit.Token);
            return await Handshake.FindAsync(connection, HandshakeJson.Default.EngineWelcome, limit.Token);
        }
        catch (IOException)
        {
            return null;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return null;
        }
    }

    private static async Task<EngineReport?> VisitAsync(EngineAddress address, EngineIntent intent, TimeProvider time, CancellationToken cancellationToken)
    {
        await using var connection = await address.FindConnectionAsync(cancellationToken);
        return connection is null ? null : (await GreetAsync(connection, "", intent, time, cancellationToken))?.Report;
    }
}
