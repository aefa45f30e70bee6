using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using GptOss.CodeAssist.Inference.OpenAi.Connecting;

namespace GptOss.CodeAssist.Inference.OpenAi.Completing;

/// <summary>vLLM's <c>/v1/completions</c>, with the fields that it has beyond OpenAI's.</summary>
/// <remarks>Written from vllm/entrypoints/openai/completion of vLLM; <c>return_token_ids</c> came with 0.10.2.</remarks>
/// <param name="model">The model's name at the server.</param>
internal sealed class VllmDialect(string model) : IRawDialect
{
    public string Path => "v1/completions";

    // A constraint on the start of an answer costs vLLM the compilation of a grammar; the start is checked here instead, and the fewer tokens, the likelier it agrees.
    public int MaxHealedTokens => 1;

    public bool TakesGrammars => false;

    public JsonObject Write(GenerationRequest request, TokenPrompt prompt, ImmutableArray<int> stopIds, int maxTokens)
    {
        var sampling = request.Sampling;
        var body = new JsonObject
        {
            ["model"] = model,
            ["prompt"] = new JsonArray([.. prompt.Ids.Select(id => JsonValue.Create(id))]),
            // It evaluates no prompt for nothing.
            ["max_tokens"] = Math.Max(1, maxTokens),
            ["stream"] = true,
            ["stream_options"] = new JsonObject { ["include_usage"] = true },
            ["add_special_tokens"] = false,
            ["temperature"] = sampling.Temperature,
            ["top_p"] = sampling.TopP,
            ["min_p"] = sampling.MinP,
            ["repetition_penalty"] = 1,
            ["stop_token_ids"] = new JsonArray([.. stopIds.Select(id => JsonValue.Create(id))]),
            ["skip_special_tokens"] = false,
            ["spaces_between_special_tokens"] = false,
            ["return_token_ids"] = true,
        };
        if (sampling.Seed is { } seed)
        {
            body["seed"] = seed;
        }

        if (request.Priority == RequestPriority.Completion)
        {
            body["logprobs"] = 1;
        }

        if (request.IgnoreEndOfGeneration)
        {
            body["ignore_eos"] = true;
        }

        return body;
    }

    public RawChunk Read(JsonElement chunk)
    {
        var choice = chunk.FindFirst("choices");
        var usage = chunk.Find("usage");
        var finish = choice?.FindText("finish_reason");
        return new RawChunk
        {
            Text = choice?.FindText("text") ?? "",
            Ids = choice?.FindIntegers("token_ids") ?? [],
            LogProbabilities = choice?.Find("logprobs") is { } found
                ? [.. found.List("token_logprobs").Select(number => number.ValueKind == JsonValueKind.Number ? number.GetSingle() : float.NaN)]
                : [],
            IsEnd = finish is not null,
            IsCut = finish == "length",
            ReusedTokens = usage?.Find("prompt_tokens_details")?.FindInteger("cached_tokens"),
            GeneratedTokens = usage?.FindInteger("completion_tokens"),
        };
    }

    /// <summary>A question about a text of our own, whose answer tells how the server cuts text into tokens and whether it says so.</summary>
    public JsonObject WriteProbe(string text) => new()
    {
        ["model"] = model,
        ["prompt"] = text,
        ["max_tokens"] = 1,
        ["temperature"] = 0,
        ["add_special_tokens"] = false,
        ["return_token_ids"] = true,
        ["skip_special_tokens"] = false,
    };
}
