using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Threading.Channels;

namespace GptOss.CodeAssist.Server.Testing;

/// <summary>A client that speaks plain frames and plain JSON, and keeps everything the server says until a test claims it.</summary>
/// <remarks>Written without the server's own JSON-RPC library on purpose: framing, a second reply to one request and a reply to nothing are seen here.</remarks>
public sealed class LspClient : IAsyncDisposable
{
    /// <summary>Far beyond what anything here takes; when it fires, the log tells what was said.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly Stream _toServer;
    private readonly Stream _fromServer;
    private readonly ConcurrentDictionary<int, TaskCompletionSource<JsonElement>> _requests = new();
    private readonly ConcurrentDictionary<string, Channel<JsonElement>> _unclaimed = new();
    private readonly ConcurrentQueue<string> _log = new();
    private readonly ConcurrentQueue<string> _violations = new();
    private readonly SemaphoreSlim _writing = new(1);
    private readonly Task _reading;
    private int _lastId;

    public LspClient(Stream toServer, Stream fromServer)
    {
        _toServer = toServer;
        _fromServer = fromServer;
        _reading = Task.Run(ReadAsync);
    }

    /// <summary>Everything said so far, both ways.</summary>
    public string Log => string.Join('\n', _log);

    /// <summary>Completes when the server closes its end; faults when what it sent is no frame.</summary>
    public Task ServerClosed => _reading;

    /// <summary>Sends a request and waits for its result.</summary>
    /// <exception cref="LspErrorException">The server refused.</exception>
    public async Task<JsonElement> RequestAsync(string method, string? parameters = null) => await Bounded((await SendAsync(method, parameters)).Result, method);

    /// <summary>Sends a request and does not wait.</summary>
    public async Task<PendingReply> SendAsync(string method, string? parameters = null)
    {
        var id = Interlocked.Increment(ref _lastId);
        var reply = new TaskCompletionSource<JsonElement>(TaskCreationOptions.RunContinuationsAsynchronously);
        _requests[id] = reply;
        await WriteAsync(Message(method, parameters, id));
        return new PendingReply(id, reply.Task);
    }

    public Task NotifyAsync(string method, string? parameters = null) => WriteAsync(Message(method, parameters, null));

    public Task CancelAsync(int id) => NotifyAsync("$/cancelRequest", $$"""{"id":{{id}}}""");

    /// <summary>The parameters of the next unclaimed notification or request of this method, waiting for it if need be. A request must be answered with <see cref="ReplyAsync"/>.</summary>
    public async Task<JsonElement> ClaimAsync(string method)
    {
        var message = await Bounded(Unclaimed(method).Reader.ReadAsync().AsTask(), $"{method} from the server");
        return message;
    }

    /// <summary>Claims the server's next request of this method and answers it.</summary>
    public async Task<JsonElement> ReplyAsync(string method, string result = "null")
    {
        var message = await ClaimAsync(method);
        await WriteAsync($$"""{"jsonrpc":"2.0","id":{{message.GetProperty("id").GetRawText()}},"result":{{result}}}""");
        return message;
    }

    /// <summary>Forgets what the server has said of this method, for tests about something else.</summary>
    public void Ignore(string method)
    {
        while (Unclaimed(method).Reader.TryRead(out _))
        {
        }
    }

    /// <summary>Sends these bytes as they are.</summary>
    public async Task SendBytesAsync(byte[] bytes)
    {
        _log.Enqueue($"--> {Encoding.UTF8.GetString(bytes)}");
        await _toServer.WriteAsync(bytes);
        await _toServer.FlushAsync();
    }

    /// <summary>Sends this text as one frame, whatever it is.</summary>
    public Task SendFrameAsync(string content) => WriteAsync(content);

    /// <summary>Closes this side of the connection.</summary>
    public void Hangup() => _toServer.Dispose();

    /// <exception cref="InvalidOperationException">Something came that no test claimed, or that must never come.</exception>
    public void AssertNothingUnclaimed()
    {
        foreach (var (method, channel) in _unclaimed)
        {
            while (channel.Reader.TryRead(out var message))
            {
                _violations.Enqueue($"unclaimed {method}: {message.GetRawText()}");
            }
        }

        foreach (var (id, reply) in _requests)
        {
            if (!reply.Task.IsCompleted)
            {
                _violations.Enqueue($"request {id} was never answered");
            }
        }

        if (!_violations.IsEmpty)
        {
            throw new InvalidOperationException($"{string.Join('\n', _violations)}\n\nEverything said:\n{Log}");
        }
    }

    /// <summary>Waits, but not for ever.</summary>
    public async Task<T> Bounded<T>(Task<T> task, string what)
    {
        try
        {
            return await task.WaitAsync(Patience);
        }
        catch (TimeoutException)
        {
            throw new TimeoutException($"Waited {Patience} for {what}. Everything said:\n{Log}");
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _toServer.DisposeAsync();
        await _fromServer.DisposeAsync();
        _writing.Dispose();
    }

    private static string Message(string method, string? parameters, int? id)
    {
        var message = new JsonObject { ["jsonrpc"] = "2.0" };
        if (id is not null)
        {
            message["id"] = id;
        }

        message["method"] = method;
        if (parameters is not null)
        {
            message["params"] = JsonNode.Parse(parameters);
        }

        return message.ToJsonString();
    }

    private async Task WriteAsync(string content)
    {
        _log.Enqueue($"--> {content}");
        var body = Encoding.UTF8.GetBytes(content);
        byte[] frame = [.. Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"Content-Length: {body.Length}\r\n\r\n")), .. body];
        await _writing.WaitAsync();
        try
        {
            await _toServer.WriteAsync(frame);
            await _toServer.FlushAsync();
        }
        finally
        {
            _writing.Release();
        }
    }

    private async Task ReadAsync()
    {
        try
        {
            while (await ReadFrameAsync() is { } frame)
            {
                _log.Enqueue($"<-- {frame}");
                Receive(JsonDocument.Parse(frame).RootElement);
            }
        }
        catch (ObjectDisposedException)
        {
            // The test is over.
        }

        foreach (var (id, reply) in _requests)
        {
            reply.TrySetException(new EndOfStreamException($"The server closed the connection without answering request {id}.\n{Log}"));
        }
    }

    private void Receive(JsonElement message)
    {
        if (message.TryGetProperty("method", out var method))
        {
            var payload = message.TryGetProperty("id", out _) || !message.TryGetProperty("params", out var parameters) ? message : parameters;
            Unclaimed(method.GetString()!).Writer.TryWrite(payload);
            return;
        }

        var id = message.GetProperty("id");
        if (id.ValueKind == JsonValueKind.Null)
        {
            Unclaimed("error without id").Writer.TryWrite(message.GetProperty("error"));
            return;
        }

        var isNew = _requests.TryGetValue(id.GetInt32(), out var reply) && (message.TryGetProperty("error", out var error)
            ? reply.TrySetException(new LspErrorException(error.GetProperty("code").GetInt32(), error.GetProperty("message").GetString()!))
            : reply.TrySetResult(message.GetProperty("result")));
        if (!isNew)
        {
            _violations.Enqueue($"a reply to nothing, or a second one: {message.GetRawText()}");
        }
    }

    private Channel<JsonElement> Unclaimed(string method) => _unclaimed.GetOrAdd(method, _ => Channel.CreateUnbounded<JsonElement>());

    private async Task<string?> ReadFrameAsync()
    {
        var header = new List<byte>();
        var one = new byte[1];
        while (!(header is [.., (byte)'\r', (byte)'\n', (byte)'\r', (byte)'\n']))
        {
            if (await _fromServer.ReadAsync(one) == 0)
            {
                return header.Count == 0 ? null : throw new InvalidDataException($"The server's last frame has half a header: {Encoding.UTF8.GetString([.. header])}");
            }

            header.Add(one[0]);
        }

        var text = Encoding.ASCII.GetString([.. header]);
        if (!text.StartsWith("Content-Length: ", StringComparison.Ordinal))
        {
            throw new InvalidDataException($"Not a frame: {text}");
        }

        var body = new byte[int.Parse(text["Content-Length: ".Length..text.IndexOf('\r', StringComparison.Ordinal)], CultureInfo.InvariantCulture)];
        await _fromServer.ReadExactlyAsync(body);
        return Encoding.UTF8.GetString(body);
    }
}
