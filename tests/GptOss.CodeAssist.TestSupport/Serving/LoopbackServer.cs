using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace GptOss.CodeAssist.TestSupport.Serving;

/// <summary>A small HTTP server on this machine whose connections are scripted to the byte, which no real server lets a test do.</summary>
public abstract class LoopbackServer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    // Never disposed: it has no timer, and whoever disposes the server twice may ask it.
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentDictionary<Task, bool> _connections = new();
    private readonly Task _accepting;

    protected LoopbackServer()
    {
        _listener.Start();
        Endpoint = $"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}";
        _accepting = Task.Run(AcceptAsync);
    }

    public string Endpoint { get; }

    /// <summary>Cancelled when the test is over.</summary>
    protected CancellationToken Stopping => _stop.Token;

    /// <summary>May be called again.</summary>
    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        if (_stop.IsCancellationRequested)
        {
            return;
        }

        await _stop.CancelAsync();
        // Before the listener stops: one that is stopped between two connections throws what no loop expects.
        await _accepting;
        _listener.Stop();
        await Task.WhenAll(_connections.Keys);
    }

    /// <summary>Answers one request. False when the connection is to end.</summary>
    private protected abstract Task<bool> AnswerAsync(HttpHead head, ReadOnlyMemory<byte> body, NetworkStream stream);

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var serving = ServeAsync(await _listener.AcceptTcpClientAsync(Stopping));
                _connections.TryAdd(serving, true);
            }
        }
        catch (OperationCanceledException)
        {
            // The test is over.
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using (client)
        {
            try
            {
                await using var stream = client.GetStream();
                var goesOn = true;
                while (goesOn && await ReadHeadAsync(stream) is { } head)
                {
                    var body = new byte[head.ContentLength];
                    await stream.ReadExactlyAsync(body, Stopping);
                    goesOn = await AnswerAsync(head, body, stream);
                }
            }
            catch (Exception exception) when (exception is OperationCanceledException or IOException or SocketException)
            {
                // The client left, or the test is over.
            }
        }
    }

    private async Task<HttpHead?> ReadHeadAsync(NetworkStream stream)
    {
        var head = new List<byte>();
        var one = new byte[1];
        while (head.Count < 4 || !head[^4..].SequenceEqual("\r\n\r\n"u8.ToArray()))
        {
            if (await stream.ReadAsync(one, Stopping) == 0)
            {
                return null;
            }

            head.Add(one[0]);
        }

        var lines = Encoding.ASCII.GetString([.. head]).Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        var words = lines[0].Split(' ');
        return new HttpHead(words[0], words[1], lines[1..]);
    }
}
