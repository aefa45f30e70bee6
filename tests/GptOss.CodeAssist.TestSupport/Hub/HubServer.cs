using System.Collections.Concurrent;
using System.Globalization;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using GptOss.CodeAssist.TestSupport.Serving;

namespace GptOss.CodeAssist.TestSupport.Hub;

/// <summary>A small HTTP server that answers as the Hub does, until a test tells it to misbehave.</summary>
/// <remarks>The Hub's word on a file comes from one path and redirects to another, where the bytes are; both are this server.</remarks>
public sealed class HubServer : LoopbackServer
{
    public const string BytesPath = "/bytes/";
    public const string Commit = "0123456789abcdef0123456789abcdef01234567";

    /// <summary>Files by <c>OWNER/REPO/FILE</c>.</summary>
    public ConcurrentDictionary<string, byte[]> Files { get; } = new();

    public ConcurrentQueue<HubRequest> Requests { get; } = new();

    /// <summary>Answers in the server's place; null leaves it to the server, whose answer is the second argument.</summary>
    public Func<HubRequest, HubAnswer, HubAnswer?>? Misbehave { get; set; }

    private protected override Task<bool> AnswerAsync(HttpHead head, ReadOnlyMemory<byte> body, NetworkStream stream)
    {
        var range = head.Find("Range")?.Replace("bytes=", "", StringComparison.Ordinal).Split('-');
        var request = new HubRequest(head.Method, head.Path, range is null ? null : Number(range[0]), range is null ? null : Number(range[1]), head.Find("Authorization"));
        Requests.Enqueue(request);
        var usual = Answer(request);
        return SendAsync(stream, request, Misbehave?.Invoke(request, usual) ?? usual);

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
        await stream.WriteAsync(Encoding.ASCII.GetBytes(head), Stopping);
        await stream.FlushAsync(Stopping);
        if (answer.Gate is { } gate)
        {
            await gate.WaitAsync(Stopping);
        }

        if (request.Method == "HEAD")
        {
            return true;
        }

        await stream.WriteAsync(answer.Body[..(answer.DropAfter ?? answer.Body.Length)], Stopping);
        if (answer.GoesSilent)
        {
            await Task.Delay(Timeout.Infinite, Stopping);
        }

        if (answer.Resets)
        {
            stream.Socket.LingerState = new LingerOption(enable: true, seconds: 0);
        }

        return answer.DropAfter is null;
    }
}
