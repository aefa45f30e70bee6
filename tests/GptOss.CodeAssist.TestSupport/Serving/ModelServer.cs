using System.Collections.Concurrent;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using System.Threading.Channels;

namespace GptOss.CodeAssist.TestSupport.Serving;

/// <summary>A small HTTP server that answers as a model server of some kind does, until a test tells it to misbehave.</summary>
/// <remarks>What it answers is scripted; how prompts are cut into tokens is real.</remarks>
public sealed class ModelServer : LoopbackServer
{
    private static readonly string[] LlamaObeysAnyway = ["<|start|>", "<|end|>", "<|message|>", "<|channel|>", "<|constrain|>"];

    private readonly Channel<ServedRequest> _asked = Channel.CreateUnbounded<ServedRequest>();
    private readonly ServerKind _kind;
    private readonly MarkedTokenizer _tokenizer;

    /// <param name="specials">The special tokens of the model; null for Harmony's.</param>
    public ModelServer(ServerKind kind, IReadOnlyDictionary<string, int>? specials = null)
    {
        _kind = kind;
        _tokenizer = new MarkedTokenizer(specials ?? MarkedTokenizer.Harmony);
    }

    public string Model { get; init; } = "openai/gpt-oss-20b";

    public MarkedTokenizer Tokenizer => _tokenizer;

    public ConcurrentQueue<ServedRequest> Requests { get; } = new();

    /// <summary>What the model says to a request.</summary>
    public Func<ServedRequest, IEnumerable<ServedPiece>> Says { get; set; } = _ => ["Hello", " world", ServedPiece.Special("<|return|>")];

    /// <summary>Answers in the server's place; null leaves it to the server, whose answer is the second argument.</summary>
    public Func<ServedRequest, ServedReply, ServedReply?>? Misbehave { get; set; }

    /// <summary>The next request to a path that was not waited for yet.</summary>
    public async Task<ServedRequest> WaitForAsync(string path)
    {
        await foreach (var request in _asked.Reader.ReadAllAsync(Stopping))
        {
            if (request.Path == path)
            {
                return request;
            }
        }

        throw new InvalidOperationException("The server was stopped.");
    }

    private protected override async Task<bool> AnswerAsync(HttpHead head, ReadOnlyMemory<byte> body, NetworkStream stream)
    {
        var request = new ServedRequest(head.Method, head.Path, head.Find("Authorization"), body.IsEmpty ? null : JsonNode.Parse(body.Span)!.AsObject());
        Requests.Enqueue(request);
        _asked.Writer.TryWrite(request);
        var usual = Answer(request);
        await SendAsync(stream, request, Misbehave?.Invoke(request, usual) ?? usual);
        // One request a connection, so that whatever can be read later says that the client left.
        return false;
    }

    private async Task SendAsync(NetworkStream stream, ServedRequest request, ServedReply reply)
    {
        var head = $"HTTP/1.1 {reply.Status} Some words\r\nContent-Type: {reply.ContentType}\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n{string.Concat(reply.Headers.Select(header => header + "\r\n"))}\r\n";
        await stream.WriteAsync(Encoding.ASCII.GetBytes(head), Stopping);
        foreach (var piece in reply.Pieces)
        {
            var bytes = Encoding.UTF8.GetBytes(piece);
            await stream.WriteAsync(Encoding.ASCII.GetBytes($"{bytes.Length:X}\r\n"), Stopping);
            await stream.WriteAsync(bytes, Stopping);
            await stream.WriteAsync("\r\n"u8.ToArray(), Stopping);
        }

        if (reply.GoesSilent)
        {
            try
            {
                await stream.ReadAtLeastAsync(new byte[1], 1, throwOnEndOfStream: false, Stopping);
            }
            finally
            {
                request.Left.TrySetResult();
            }
        }
        else if (!reply.Drops)
        {
            await stream.WriteAsync("0\r\n\r\n"u8.ToArray(), Stopping);
        }
    }

    private ServedReply Answer(ServedRequest request) => (request.Method, request.Path) switch
    {
        ("GET", "/v1/models") => ServedReply.Json(new JsonObject { ["object"] = "list", ["data"] = new JsonArray(DescribeModel()) }),
        ("GET", "/version") when _kind == ServerKind.Vllm => ServedReply.Json(new JsonObject { ["version"] = "0.11.0" }),
        ("GET", "/props") when _kind == ServerKind.LlamaServer => ServedReply.Json(new JsonObject { ["build_info"] = "b1-test", ["default_generation_settings"] = new JsonObject { ["n_ctx"] = 16384 } }),
        ("GET", "/api/version") when _kind == ServerKind.Ollama => ServedReply.Json(new JsonObject { ["version"] = "0.12.0" }),
        ("GET", "/api/ps") when _kind == ServerKind.Ollama => ServedReply.Json(new JsonObject { ["models"] = new JsonArray(new JsonObject { ["name"] = Model, ["context_length"] = 8192 }) }),
        ("GET", "/api/v0/models") when _kind == ServerKind.LmStudio => ServedReply.Json(new JsonObject { ["data"] = new JsonArray(new JsonObject { ["id"] = Model, ["max_context_length"] = 131072 }) }),
        ("POST", "/tokenize") when _kind is ServerKind.Vllm => Tokenize(request.Body!["prompt"]!.GetValue<string>(), obeyed: null, withPieces: false),
        ("POST", "/tokenize") when _kind is ServerKind.LlamaServer =>
            Tokenize(request.Body!["content"]!.GetValue<string>(), request.Body["parse_special"]!.GetValue<bool>() ? null : LlamaObeysAnyway, withPieces: true),
        ("POST", "/completion") when _kind is ServerKind.LlamaServer => ServedReply.Events(SpeakAsLlamaServer(request)),
        ("POST", "/v1/completions") when _kind is ServerKind.Vllm && request.Body!["prompt"] is JsonValue text => Probe(text.GetValue<string>()),
        ("POST", "/v1/completions") when _kind is ServerKind.Vllm => ServedReply.Events(SpeakAsVllm(request)) is var spoken ? spoken with { Pieces = spoken.Pieces.Add("data: [DONE]\n\n") } : spoken,
        ("POST", "/v1/completions") when _kind is ServerKind.LmStudio or ServerKind.Plain =>
            ServedReply.Json(new JsonObject { ["choices"] = new JsonArray(new JsonObject { ["text"] = "x", ["finish_reason"] = "length" }) }),
        ("POST", "/v1/chat/completions") => ServedReply.Events(ServedChat.Speak(Says(request))) is var spoken ? spoken with { Pieces = spoken.Pieces.Add("data: [DONE]\n\n") } : spoken,
        _ => ServedReply.Json(new JsonObject { ["detail"] = "Not Found" }, 404),
    };

    private JsonObject DescribeModel() => _kind switch
    {
        ServerKind.Vllm => new JsonObject { ["id"] = Model, ["owned_by"] = "vllm", ["max_model_len"] = 32768 },
        ServerKind.LlamaServer => new JsonObject { ["id"] = Model, ["owned_by"] = "llamacpp", ["meta"] = new JsonObject { ["n_vocab"] = 201088, ["n_params"] = 20_914_757_184, ["size"] = 12_109_566_624 } },
        ServerKind.Ollama => new JsonObject { ["id"] = Model, ["owned_by"] = "library" },
        _ => new JsonObject { ["id"] = Model, ["owned_by"] = "somebody" },
    };

    private ServedReply Tokenize(string text, IReadOnlyCollection<string>? obeyed, bool withPieces) => ServedReply.Json(new JsonObject
    {
        ["tokens"] = new JsonArray([.. _tokenizer.Encode(text, obeyed).Select(token => withPieces ? (JsonNode)new JsonObject { ["id"] = token.Id, ["piece"] = token.Text } : JsonValue.Create(token.Id))]),
    });

    private ServedReply Probe(string text) => ServedReply.Json(new JsonObject
    {
        ["choices"] = new JsonArray(new JsonObject
        {
            ["text"] = "x",
            ["finish_reason"] = "length",
            ["prompt_token_ids"] = new JsonArray([.. _tokenizer.Encode(text).Select(token => JsonValue.Create(token.Id))]),
            ["token_ids"] = new JsonArray(87),
        }),
    });

    private int IdOf(ServedPiece piece) => piece.IsSpecial ? _tokenizer.Specials[piece.Text] : 1000 + piece.Text.Length;

    private IEnumerable<JsonNode> SpeakAsLlamaServer(ServedRequest request)
    {
        var count = 0;
        yield return new JsonObject { ["content"] = "", ["tokens"] = new JsonArray(), ["stop"] = false, ["prompt_progress"] = new JsonObject { ["total"] = request.Prompt.Length, ["cache"] = 3, ["processed"] = request.Prompt.Length } };
        foreach (var piece in Says(request).Take(request.Body!["n_predict"]!.GetValue<int>()))
        {
            count++;
            yield return new JsonObject
            {
                ["content"] = !piece.IsSpecial || LlamaObeysAnyway.Contains(piece.Text) ? piece.Text : "",
                ["tokens"] = new JsonArray(IdOf(piece)),
                ["stop"] = false,
                ["completion_probabilities"] = new JsonArray(new JsonObject { ["id"] = IdOf(piece), ["logprob"] = -0.5 }),
            };
        }

        yield return new JsonObject
        {
            ["stop"] = true,
            ["stop_type"] = count == request.Body["n_predict"]!.GetValue<int>() ? "limit" : "eos",
            ["tokens_predicted"] = count,
            ["timings"] = new JsonObject { ["cache_n"] = 3, ["prompt_n"] = request.Prompt.Length - 3 },
        };
    }

    private IEnumerable<JsonNode> SpeakAsVllm(ServedRequest request)
    {
        var stops = request.Body!["stop_token_ids"]!.AsArray().Select(id => id!.GetValue<int>()).ToHashSet();
        var (count, max) = (0, request.Body["max_tokens"]!.GetValue<int>());
        var stopped = false;
        foreach (var piece in Says(request).Take(max))
        {
            count++;
            stopped = piece.IsSpecial && stops.Contains(IdOf(piece));
            yield return Chunk(stopped ? "" : piece.Text, IdOf(piece), stopped ? "stop" : count == max ? "length" : null);
            if (stopped)
            {
                break;
            }
        }

        if (!stopped && count < max)
        {
            yield return Chunk("", null, "stop");
        }

        yield return new JsonObject
        {
            ["choices"] = new JsonArray(),
            ["usage"] = new JsonObject { ["prompt_tokens"] = request.Prompt.Length, ["completion_tokens"] = count, ["prompt_tokens_details"] = new JsonObject { ["cached_tokens"] = 3 } },
        };

        static JsonObject Chunk(string text, int? id, string? finish) => new()
        {
            ["choices"] = new JsonArray(new JsonObject
            {
                ["text"] = text,
                ["token_ids"] = id is { } number ? new JsonArray(number) : new JsonArray(),
                ["logprobs"] = new JsonObject { ["token_logprobs"] = new JsonArray(-0.5) },
                ["finish_reason"] = finish,
            }),
        };
    }
}
