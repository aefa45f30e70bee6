namespace GptOss.CodeAssist.Inference;

/// <summary>A language model that continues prompts. One engine serves one model.</summary>
/// <remarks>
/// Every member may be called from any thread. An engine is usable before its model is loaded: requests wait for the load,
/// and fail with <see cref="InferenceException"/> when it fails. Implementations: llama.cpp in this process, the shared engine
/// process, an OpenAI-compatible server, and a scripted engine for tests.
/// </remarks>
public interface IInferenceEngine : IAsyncDisposable
{
    /// <summary>Where the model stands now. Reading it never blocks.</summary>
    EngineStatus Status { get; }

    /// <summary>Raised after <see cref="Status"/> changed, on a thread of the engine's own; handlers must return at once.</summary>
    event Action<EngineStatus>? StatusChanged;

    /// <summary>Completes when the model is loaded.</summary>
    /// <exception cref="InferenceException">The model could not be loaded; the message says why and what to do.</exception>
    Task<ModelDescription> WaitForModelAsync(CancellationToken cancellationToken);

    /// <summary>Counts the tokens that <paramref name="text"/> would cost as ordinary text, special tokens not recognised.</summary>
    /// <remarks>Exact where the vocabulary is at hand; an engine behind a server may estimate.</remarks>
    ValueTask<int> CountTokensAsync(string text, CancellationToken cancellationToken);

    /// <summary>Evaluates the prompt and streams what the model says.</summary>
    /// <remarks>
    /// The stream ends with exactly one <see cref="GenerationEvent.Finished"/>, unless it throws. Leaving the enumeration early
    /// or cancelling frees the request's work at once; cancelling throws <see cref="OperationCanceledException"/>.
    /// </remarks>
    /// <exception cref="InferenceException">The request was refused or the engine failed.</exception>
    IAsyncEnumerable<GenerationEvent> GenerateAsync(GenerationRequest request, CancellationToken cancellationToken);
}
