using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace GptOss.CodeAssist.Cli.Measuring;

/// <summary>A running llama-server with the same model, to measure the same work on.</summary>
internal sealed class LlamaServerPeer(Uri url) : IDisposable
{
    private readonly HttpClient _client = new() { BaseAddress = url, Timeout = TimeSpan.FromMinutes(10) };

    public Uri Url => url;

    /// <summary>Continues a text greedily; the answer has exactly <paramref name="tokens"/> tokens. llama-server refuses (status 500) where they are no text, as those of a model with random weights may be.</summary>
    /// <exception cref="CommandFailure">The server does not answer as llama-server does.</exception>
    public Task<PeerTimings> ContinueAsync(string prompt, int tokens, bool reuse, CancellationToken cancellationToken) => PostAsync(
        "completion",
        new PeerRequest { Prompt = prompt, Tokens = tokens, Reuse = reuse },
        cancellationToken);

    /// <summary>Asks for a completion at a caret the way llama-server's own clients do, and returns how many prompt tokens were evaluated.</summary>
    public Task<PeerTimings> FillInAsync(string prefix, string suffix, int tokens, CancellationToken cancellationToken) => PostAsync(
        "infill",
        new PeerRequest { Prefix = prefix, Suffix = suffix, Prompt = "", Tokens = tokens, Reuse = true },
        cancellationToken);

    public void Dispose() => _client.Dispose();

    private async Task<PeerTimings> PostAsync(string path, PeerRequest request, CancellationToken cancellationToken)
    {
        try
        {
            using var response = await _client.PostAsJsonAsync(path, request, PeerJson.Default.PeerRequest, cancellationToken);
            response.EnsureSuccessStatusCode();
            var answer = await response.Content.ReadFromJsonAsync(PeerJson.Default.PeerAnswer, cancellationToken);
            return answer?.Timings ?? throw CommandFailure.Failed($"{url} answered without timings; --peer wants a llama-server.");
        }
        catch (Exception exception) when (exception is HttpRequestException or JsonException)
        {
            throw CommandFailure.Failed($"{url} did not answer as a llama-server does: {exception.Message} Start one with the same model, or leave --peer out.");
        }
    }
}

internal sealed record PeerRequest
{
    [JsonPropertyName("prompt")]
    public required string Prompt { get; init; }

    [JsonPropertyName("input_prefix")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Prefix { get; init; }

    [JsonPropertyName("input_suffix")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Suffix { get; init; }

    [JsonPropertyName("n_predict")]
    public required int Tokens { get; init; }

    [JsonPropertyName("cache_prompt")]
    public required bool Reuse { get; init; }

    [JsonPropertyName("temperature")]
    public float Temperature { get; init; }

    [JsonPropertyName("samplers")]
    public string[] Samplers { get; init; } = ["temperature"];

    [JsonPropertyName("ignore_eos")]
    public bool IgnoreEnd { get; init; } = true;

    [JsonPropertyName("response_fields")]
    public string[] Fields { get; init; } = ["timings"];
}

internal sealed record PeerAnswer([property: JsonPropertyName("timings")] PeerTimings? Timings);

/// <param name="PromptTokens">Prompt tokens evaluated, reused ones not counted.</param>
internal sealed record PeerTimings(
    [property: JsonPropertyName("prompt_n")] int PromptTokens,
    [property: JsonPropertyName("prompt_ms")] double PromptMs,
    [property: JsonPropertyName("predicted_n")] int Tokens,
    [property: JsonPropertyName("predicted_ms")] double Ms);

[JsonSerializable(typeof(PeerRequest))]
[JsonSerializable(typeof(PeerAnswer))]
internal sealed partial class PeerJson : JsonSerializerContext;
