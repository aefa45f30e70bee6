using System.Diagnostics;
using GptOss.CodeAssist.Rpc;
using Microsoft.Extensions.Logging;

namespace GptOss.CodeAssist.Server;

/// <summary>Ends the connection when the editor's process dies without closing the stream, as the specification asks for (<c>initialize</c>, <c>processId</c>).</summary>
internal sealed class EditorProcessWatch(RpcConnection connection, ILogger logger) : IDisposable
{
    private readonly CancellationTokenSource _disposal = new();

    /// <summary>Watches <paramref name="processId"/>. One that cannot be seen is not watched: it may live outside this container, and then the end of the stream tells.</summary>
    /// <remarks>Looked for in the background: the editor waits for its answer.</remarks>
    public void Start(int processId) => _ = Task.Run(() => WatchAsync(processId));

    public void Dispose()
    {
        _disposal.Cancel();
        _disposal.Dispose();
    }

    private async Task WatchAsync(int processId)
    {
        try
        {
            using var process = Process.GetProcessById(processId);
            await process.WaitForExitAsync(_disposal.Token);
            connection.End(new ConnectionEnd(ConnectionEndKind.PeerClosed, "The editor's process is gone."));
        }
        catch (Exception ended) when (ended is OperationCanceledException or ObjectDisposedException)
        {
            // The connection ended first.
        }
        catch (ArgumentException)
        {
            logger.LogInformation("The editor's process {ProcessId} cannot be seen from here, so only the end of its stream will tell that it is gone.", processId);
        }
        catch (Exception denied) when (denied is System.ComponentModel.Win32Exception or InvalidOperationException or NotSupportedException)
        {
            logger.LogInformation("The editor's process cannot be watched: {Reason}", denied.Message);
        }
    }
}
