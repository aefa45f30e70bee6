using System.Collections.Immutable;
using Microsoft.Extensions.Logging.Abstractions;

namespace GptOss.CodeAssist.Inference.Llama.Tests;

/// <summary>The model that ships with the program, as it stands in the build output.</summary>
internal static class StarterModel
{
    public static string Path { get; } = System.IO.Path.Combine(AppContext.BaseDirectory, "models", "starter.gguf");

    public static LlamaEngine Start(Func<LlamaEngineOptions, LlamaEngineOptions>? change = null)
    {
        var options = new LlamaEngineOptions { ModelPath = Path, ContextLength = 2048, Threads = 1, BatchThreads = 1 };
        return LlamaEngine.Start(change?.Invoke(options) ?? options, NullLogger.Instance);
    }

    public static ImmutableArray<PromptPart> FillInTheMiddle(string prefix, string suffix) =>
    [
        new PromptPart.Special("<|fim_suffix|>"),
        new PromptPart.Text(suffix),
        new PromptPart.Special("<|fim_prefix|>"),
        new PromptPart.Text(prefix),
        new PromptPart.Special("<|fim_middle|>"),
    ];

    public static async Task<GenerationAnswer> AnswerAsync(this IInferenceEngine engine, GenerationRequest request, CancellationToken cancellationToken)
    {
        var tokens = new List<GenerationEvent.Token>();
        await foreach (var generationEvent in engine.GenerateAsync(request, cancellationToken))
        {
            switch (generationEvent)
            {
                case GenerationEvent.Token token:
                    tokens.Add(token);
                    break;
                case GenerationEvent.Finished finished:
                    return new GenerationAnswer(string.Concat(tokens.Select(token => token.Text)) + finished.RemainingText, [.. tokens], finished);
            }
        }

        throw new InvalidOperationException("The stream ended without a finished event.");
    }
}

internal sealed record GenerationAnswer(string Text, ImmutableArray<GenerationEvent.Token> Tokens, GenerationEvent.Finished Finished);
