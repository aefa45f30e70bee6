using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using GptOss.CodeAssist.Harmony;
using GptOss.CodeAssist.Inference.OpenAi.Connecting;

namespace GptOss.CodeAssist.Inference.OpenAi.Chatting;

/// <summary>Has a server hold the conversation by itself, with a prompt of its own making.</summary>
internal sealed class ChatCompletion(AnswerStream answers, ServedModel served, TimeProvider time)
{
    private const string Path = "v1/chat/completions";

    /// <exception cref="ServerException">The server did not answer.</exception>
    public async IAsyncEnumerable<GenerationEvent> GenerateAsync(GenerationRequest request, HarmonyPrompt prompt, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var clock = new UsageClock(time);
        var answer = new ChatAnswer(request, prompt, clock);
        yield return new GenerationEvent.PrefillProgress(0, 0);
        await foreach (var chunk in answers.ReadAsync(Path, Write(request, prompt), request.Priority, ChatAnswer.IsAnswer, ChatAnswer.IsEnd, cancellationToken))
        {
            foreach (var token in answer.Take(chunk))
            {
                yield return token;
            }

            if (answer.IsOver)
            {
                break;
            }
        }

        foreach (var last in answer.Finish())
        {
            yield return last;
        }
    }

    private JsonObject Write(GenerationRequest request, HarmonyPrompt prompt)
    {
        var model = served.Report.Model;
        var body = new JsonObject
        {
            ["model"] = model,
            ["messages"] = ChatMessages.Write(prompt),
            ["max_tokens"] = Math.Max(1, request.MaxTokens),
            ["temperature"] = request.Sampling.Temperature,
            ["top_p"] = request.Sampling.TopP,
            ["stream"] = true,
            ["stream_options"] = new JsonObject { ["include_usage"] = true },
        };
        if (request.Sampling.Seed is { } seed)
        {
            body["seed"] = seed;
        }

        if (!request.Functions.IsEmpty)
        {
            body["tools"] = ChatMessages.WriteTools(request.Functions);
        }

        // Servers refuse to have other models think harder.
        if (prompt.Effort is { } effort && model.Contains("gpt-oss", StringComparison.OrdinalIgnoreCase))
        {
            body["reasoning_effort"] = (prompt.MustAnswer ? ReasoningEffort.Low : effort).ToString().ToLowerInvariant();
        }

        return body;
    }
}
