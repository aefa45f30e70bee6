using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;

namespace GptOss.CodeAssist.TestSupport.Hub;

/// <summary>A small HTTP server that answers as the Hub does, until a test tells it to misbehave.</summary>
/// <remarks>The Hub's word on a file comes from one path and redirects to another, where the bytes are; both are this server.</remarks>
public sealed class HubServer : IAsyncDisposable
{
    public const string BytesPath = "/bytes/";
    public const string Commit = "0123456789abcdef0123456789abcdef01234567";

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    // Never disposed: it has no timer, and whoever disposes the server twice may ask it.
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentDictionary<Task, bool> _connections = new();
    private readonly Task _accepting;

    public HubServer()
    {
        _listener.Start();
        Endpoint = new Uri($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}");
        _accepting = AcceptAsync();
    }

    public Uri Endpoint { get; }

    /// <summary>Files by <c>OWNER/REPO/FILE</c>.</summary>
    public ConcurrentDictionary<string, byte[]> Files { get; } = new();

    public ConcurrentQueue<HubRequest> Requests { get; } = new();

    /// <summary>Answers in the server's place; null leaves it to the server, whose answer is the second argument.</summary>
    public Func<HubRequest, HubAnswer, HubAnswer?>? Misbehave { get; set; }

    /// <summary>May be called again.</summary>
    public async ValueTask DisposeAsync()
    {
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

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var client = await _listener.AcceptTcpClientAsync(_stop.Token);
                var serving = ServeAsync(client);
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
                while (await ReadRequestAsync(stream) is { } request)
                {
                    Requests.Enqueue(request);
                    var usual = Answer(request);
                    if (!await SendAsync(stream, request, Misbehave?.Invoke(request, usual) ?? usual))
                    {
                        return;
                    }
                }
            }
            catch (Exception exception) when (exception is OperationCanceledException or IOException or SocketException)
            {
                // The client left, or the test is over.
            }
        }
    }

    private async Task<HubRequest?> ReadRequestAsync(NetworkStream stream)
    {
        var head = new List<byte>();
        var one = new byte[1];
        while (head.Count < 4 || !head[^4..].SequenceEqual("\r\n\r\n"u8.ToArray()))
        {
            if (await stream.ReadAsync(one, _stop.Token) == 0)
            {
                return null;
            }

            head.Add(one[0]);
        }

        var lines = Encoding.ASCII.GetString([.. head]).Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        var request = lines[0].Split(' ');
        var range = Header("Range")?.Replace("bytes=", "", StringComparison.Ordinal).Split('-');
        return new HubRequest(request[0], request[1], range is null ? null : Number(range[0]), range is null ? null : Number(range[1]), Header("Authorization"));

        string? Header(string name) => lines.FirstOrDefault(line => line.StartsWith(name + ": ", StringComparison.OrdinalIgnoreCase))?[(name.Length + 2)..];

        static long Number(string digits) => long.Parse(digits, CultureInfo.InvariantCulture);
    }

    private HubAnswer Answer(HubRequest request)
    {
        if (request.IsForBytes)
        {
            var bytes = Files[request.Path[BytesPath.Length..]];
            if (request.From is not { } from)
            {
                return new HubAnswer(200, [], bytes);
            }

            var to = Math.Min(request.To ?? bytes.Length - 1, bytes.Length - 1);
            return new HubAnswer(206, [$"Content-Range: bytes {from}-{to}/{bytes.Length}"], bytes.AsMemory((int)from, (int)(to - from + 1)));
        }

        var parts = request.Path.TrimStart('/').Split("/resolve/");
        var name = $"{parts[0]}/{parts[^1][(parts[^1].IndexOf('/') + 1)..]}";
        return Files.TryGetValue(name, out var file)
            ? HubAnswer.Refuse(302, $"Location: {BytesPath}{name}", $"X-Repo-Commit: {Commit}", $"X-Linked-Size: {file.Length}", $"X-Linked-ETag: \"{Convert.ToHexStringLower(SHA256.HashData(file))}\"")
            : HubAnswer.Refuse(404);
    }

    /// <summary>False when the connection is to end.</summary>
    private async Task<bool> SendAsync(NetworkStream stream, HubRequest request, HubAnswer answer)
    {
        var head = $"HTTP/1.1 {answer.Status} Some words\r\n{string.Concat(answer.Headers.Select(header => header + "\r\n"))}Content-Length: {answer.Length}\r\n\r\n";
        await stream.WriteAsync(Encoding.ASCII.GetBytes(head), _stop.Token);
        await stream.FlushAsync(_stop.Token);
        if (answer.Gate is { } gate)
        {
            await gate.WaitAsync(_stop.Token);
        }

        if (request.Method == "HEAD")
        {
            return true;
        }

        await stream.WriteAsync(answer.Body[..(answer.DropAfter ?? answer.Body.Length)], _stop.Token);
        if (answer.GoesSilent)
        {
            await Task.Delay(Timeout.Infinite, _stop.Token);
        }

        return answer.DropAfter is null;
    }
}
