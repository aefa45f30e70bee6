using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using GptOss.CodeAssist.Inference;

namespace GptOss.CodeAssist.TestSupport;

/// <summary>An engine that says what a test tells it to: each request is answered by the next script, or by <see cref="Default"/>.</summary>
public sealed class ScriptedEngine(ModelDescription? model = null) : IInferenceEngine
{
    private readonly ConcurrentQueue<Func<GenerationRequest, CancellationToken, IAsyncEnumerable<string>>> _scripts = new();
    private readonly ConcurrentQueue<GenerationRequest> _requests = new();
    private readonly TaskCompletionSource<ModelDescription> _loaded = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>A fill-in-the-middle model, as the starter is.</summary>
    public static ModelDescription FimModel { get; } = new()
    {
        Name = "scripted",
        Architecture = "gpt-oss",
        PromptStyle = PromptStyle.FimSuffixPrefixMiddle,
        CanChat = false,
        ContextLength = 2048,
        VocabularySize = 1000,
        MaxPrefixTokens = 200,
        MaxSuffixTokens = 100,
        SpecialTokens = ["<|fim_prefix|>", "<|fim_suffix|>", "<|fim_middle|>", "<|endoftext|>"],
    };

    /// <summary>A gpt-oss-like model that speaks Harmony.</summary>
    public static ModelDescription HarmonyModel { get; } = FimModel with
    {
        PromptStyle = PromptStyle.Harmony,
        CanChat = true,
        ContextLength = 131072,
        MaxPrefixTokens = null,
        MaxSuffixTokens = null,
        SpecialTokens = ["<|start|>", "<|end|>", "<|message|>", "<|channel|>", "<|constrain|>", "<|return|>", "<|call|>", "<|endoftext|>"],
    };

    public EngineStatus Status { get; private set; } = new EngineStatus.Ready(model ?? FimModel);

    public event Action<EngineStatus>? StatusChanged;

    /// <summary>Answers requests for which no script is left.</summary>
    public string Default { get; set; } = "";

    /// <summary>Every request so far, in order.</summary>
    public IReadOnlyCollection<GenerationRequest> Requests => _requests;

    /// <summary>The next request is answered with these tokens; a text of the form <c>&lt;|name|&gt;</c> is a special token.</summary>
    public ScriptedEngine Say(params string[] tokens) => Script((_, _) => tokens.ToAsyncEnumerable());

    /// <summary>The next request is answered by <paramref name="script"/>, which may wait, throw, or look at the request.</summary>
    public ScriptedEngine Script(Func<GenerationRequest, CancellationToken, IAsyncEnumerable<string>> script)
    {
        _scripts.Enqueue(script);
        return this;
    }

    /// <summary>Puts the engine into another state, as loading and failing models do.</summary>
    public void ChangeStatus(EngineStatus status)
    {
        Status = status;
        if (status is EngineStatus.Ready ready)
        {
            _loaded.TrySetResult(ready.Model);
        }

        StatusChanged?.Invoke(status);
    }

    public async Task<ModelDescription> WaitForModelAsync(CancellationToken cancellationToken) => Status switch
    {
        EngineStatus.Ready ready => ready.Model,
        EngineStatus.Failed failed => throw new InferenceException(failed.Error, failed.Reason),
        _ => await _loaded.Task.WaitAsync(cancellationToken),
    };

    /// <summary>Four characters a token.</summary>
    public ValueTask<int> CountTokensAsync(string text, CancellationToken cancellationToken) => new((text.Length + 3) / 4);

    public async IAsyncEnumerable<GenerationEvent> GenerateAsync(GenerationRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await WaitForModelAsync(cancellationToken);
        _requests.Enqueue(request);
        var answer = _scripts.TryDequeue(out var script) ? script(request, cancellationToken) : new[] { Default }.ToAsyncEnumerable();
        var promptTokens = request.Prompt.Sum(part => part is PromptPart.Text text ? (text.Value.Length + 3) / 4 : 1);
        var generated = 0;
        var (reason, remaining, stoppedBy) = (FinishReason.EndOfGeneration, "", (string?)null);
        yield return new GenerationEvent.PrefillProgress(0, promptTokens);
        yield return new GenerationEvent.PrefillProgress(promptTokens, promptTokens);
        await foreach (var token in answer.WithCancellation(cancellationToken))
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (generated == request.MaxTokens)
            {
                reason = FinishReason.TokenLimit;
                break;
            }

            var special = token.StartsWith("<|", StringComparison.Ordinal) && token.EndsWith("|>", StringComparison.Ordinal) ? token : null;
            if (special is not null && request.StopTokens.Contains(special))
            {
                (reason, stoppedBy) = (FinishReason.StopToken, special);
                break;
            }

            var stop = request.StopStrings.FirstOrDefault(stop => token.Contains(stop, StringComparison.Ordinal));
            if (stop is not null)
            {
                remaining = token[..token.IndexOf(stop, StringComparison.Ordinal)];
                (reason, stoppedBy) = (FinishReason.StopString, stop);
                break;
            }

            generated++;
            yield return new GenerationEvent.Token(generated, special is null ? token : "", special, -0.1f);
        }

        cancellationToken.ThrowIfCancellationRequested();
        yield return new GenerationEvent.Finished(reason, new GenerationUsage { PromptTokens = promptTokens, ReusedTokens = 0, GeneratedTokens = generated })
        {
            RemainingText = remaining,
            StoppedBy = stoppedBy,
        };
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
