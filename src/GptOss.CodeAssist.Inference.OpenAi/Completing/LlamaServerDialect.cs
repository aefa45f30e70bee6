using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using GptOss.CodeAssist.Inference.OpenAi.Connecting;

namespace GptOss.CodeAssist.Inference.OpenAi.Completing;

/// <summary>llama.cpp's own server, at its own <c>/completion</c>: its <c>/v1/completions</c> does not say which tokens it wrote.</summary>
/// <remarks>Written from tools/server of llama.cpp v0.4.0.</remarks>
/// <param name="model">The model's name, for a server that routes between several.</param>
internal sealed class LlamaServerDialect(string model) : IRawDialect
{
    public string Path => "completion";

    public int MaxHealedTokens => 4;

    public bool TakesGrammars => true;

    public JsonObject Write(GenerationRequest request, TokenPrompt prompt, ImmutableArray<int> stopIds, int maxTokens)
    {
        var sampling = request.Sampling;
        var body = new JsonObject
        {
            ["model"] = model,
            ["prompt"] = new JsonArray([.. prompt.Ids.Select(id => JsonValue.Create(id))]),
            ["n_predict"] = maxTokens,
            ["stream"] = true,
            ["cache_prompt"] = true,
            ["return_tokens"] = true,
            ["return_progress"] = true,
            // Everything else that the server would do to the model's choice by default is left out.
            ["samplers"] = new JsonArray("top_p", "min_p", "temperature"),
            ["temperature"] = sampling.Temperature,
            ["top_p"] = sampling.TopP,
            ["min_p"] = sampling.MinP,
            // The last event would repeat the whole prompt.
            ["response_fields"] = new JsonArray("stop", "stop_type", "timings", "tokens_predicted"),
        };
        if (sampling.Seed is { } seed)
        {
            body["seed"] = seed;
        }

        if (request.Priority == RequestPriority.Completion)
        {
            body["n_probs"] = 1;
        }

        if (request.IgnoreEndOfGeneration)
        {
            body["ignore_eos"] = true;
        }

        var grammar = request.Grammar ?? (prompt.Healed.Length > 0 ? BeginWith(prompt.Healed) : null);
        if (grammar is not null)
        {
            body["grammar"] = grammar;
        }

        return body;
    }

    public RawChunk Read(JsonElement chunk)
    {
        var isEnd = chunk.Find("stop") is { ValueKind: JsonValueKind.True };
        var timings = chunk.Find("timings");
        return new RawChunk
        {
            Text = chunk.FindText("content") ?? "",
            Ids = chunk.FindIntegers("tokens"),
            LogProbabilities = [.. chunk.List("completion_probabilities").Select(token => token.Find("logprob") is { ValueKind: JsonValueKind.Number } number ? number.GetSingle() : float.NaN)],
            EvaluatedTokens = chunk.Find("prompt_progress")?.FindInteger("processed"),
            IsEnd = isEnd,
            IsCut = isEnd && chunk.FindText("stop_type") == "limit",
            ReusedTokens = timings?.FindInteger("cache_n") ?? chunk.Find("prompt_progress")?.FindInteger("cache"),
            GeneratedTokens = isEnd ? chunk.FindInteger("tokens_predicted") : null,
        };
    }

    /// <summary>A grammar of everything that begins with a text.</summary>
    private static string BeginWith(string text)
    {
        var literal = new StringBuilder();
        foreach (var character in text)
        {
            _ = character switch
            {
                '"' or '\\' => literal.Append('\\').Append(character),
                '\t' => literal.Append("\\t"),
                '\n' => literal.Append("\\n"),
                '\r' => literal.Append("\\r"),
                _ => literal.Append(character),
            };
        }

        return $"root ::= \"{literal}\" [^\\x00]*";
    }
}
