using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using GptOss.CodeAssist.Inference.Llama.Decoding;
using GptOss.CodeAssist.Inference.Llama.Gguf;
using GptOss.CodeAssist.Inference.Llama.Native;
using GptOss.CodeAssist.Inference.Llama.Vocabulary;
using Microsoft.Extensions.Logging;

namespace GptOss.CodeAssist.Inference.Llama;

/// <summary>llama.cpp in this process.</summary>
/// <remarks>
/// <see cref="Start"/> returns at once and loads in the background; requests wait for the load.
/// Tokenising happens on the caller's thread, everything that touches the context on the engine's own.
/// </remarks>
public sealed class LlamaEngine : IInferenceEngine
{
    private readonly LlamaEngineOptions _options;
    private readonly ILogger _logger;
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _closing = new();
    private readonly TaskCompletionSource<LoadedModel> _loaded = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Thread _loader;
    private EngineStatus _status = new EngineStatus.Loading(0);

    private LlamaEngine(LlamaEngineOptions options, ILogger logger, TimeProvider time)
    {
        _options = options;
        _logger = logger;
        _time = time;

        // A failed load is reported through the status; nobody has to have awaited it.
        _ = _loaded.Task.ContinueWith(static task => task.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
        _loader = new Thread(Load) { Name = "llama.cpp load", IsBackground = true };
    }

    public EngineStatus Status => Volatile.Read(ref _status);

    public event Action<EngineStatus>? StatusChanged;

    /// <summary>Starts loading a model and returns at once.</summary>
    /// <param name="options">What to load and how.</param>
    /// <param name="logger">Receives llama.cpp's log too.</param>
    /// <param name="time">The clock for the figures in <see cref="GenerationUsage"/>; null takes the system's.</param>
    public static LlamaEngine Start(LlamaEngineOptions options, ILogger logger, TimeProvider? time = null)
    {
        var engine = new LlamaEngine(options, logger, time ?? TimeProvider.System);
        engine._loader.Start();
        return engine;
    }

    public async Task<ModelDescription> WaitForModelAsync(CancellationToken cancellationToken) =>
        (await _loaded.Task.WaitAsync(cancellationToken).ConfigureAwait(false)).Description;

    public async ValueTask<int> CountTokensAsync(string text, CancellationToken cancellationToken)
    {
        var loaded = await _loaded.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
        if (_closing.IsCancellationRequested)
        {
            throw new InferenceException(InferenceError.Unavailable, "The engine was closed.");
        }

        var tokens = new List<int>();
        loaded.Vocabulary.Tokenize(text, tokens);
        return tokens.Count;
    }

    public async IAsyncEnumerable<GenerationEvent> GenerateAsync(GenerationRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var arrival = _time.GetTimestamp();
        var loaded = await _loaded.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
        var generation = CreateGeneration(loaded, request, arrival);
        loaded.Loop.Submit(generation);
        var registration = cancellationToken.UnsafeRegister(_ => loaded.Loop.Cancel(generation), null);
        try
        {
            await foreach (var generationEvent in generation.Events.ReadAllAsync(CancellationToken.None).ConfigureAwait(false))
            {
                cancellationToken.ThrowIfCancellationRequested();
                yield return generationEvent;
            }
        }
        finally
        {
            registration.Dispose();

            // Whoever leaves early wants no more of it; after the end this does nothing.
            loaded.Loop.Cancel(generation);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync().ConfigureAwait(false);
        _loader.Join();
        if (_loaded.Task.IsCompletedSuccessfully)
        {
            var loaded = await _loaded.Task.ConfigureAwait(false);
            using var log = LlamaLibrary.LogThisThreadTo(_logger);
            loaded.Dispose();
        }

        _closing.Dispose();
    }

    /// <summary>Tokenises ordinary text, for tests that compare with other tokenizers.</summary>
    internal async Task<int[]> TokenizeAsync(string text, CancellationToken cancellationToken)
    {
        var loaded = await _loaded.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
        var tokens = new List<int>();
        loaded.Vocabulary.Tokenize(text, tokens);
        return [.. tokens];
    }

    /// <summary>The bytes that tokens stand for, for the same tests.</summary>
    internal async Task<byte[]> DetokenizeAsync(int[] tokens, CancellationToken cancellationToken)
    {
        var loaded = await _loaded.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
        return [.. tokens.SelectMany(token => loaded.Vocabulary.GetBytes(token).ToArray())];
    }

    private Generation CreateGeneration(LoadedModel loaded, GenerationRequest request, long arrival)
    {
        var vocabulary = loaded.Vocabulary;
        var tokens = vocabulary.Tokenize(request.Prompt);
        if (tokens.Count == 0)
        {
            throw new InferenceException(InferenceError.Unsupported, "The prompt is empty.");
        }

        byte[] healedBytes = [];
        if (request.HealPromptEnd)
        {
            (tokens, healedBytes) = Heal(vocabulary, request, tokens);
        }

        if (tokens.Count >= loaded.Context.SequenceLength)
        {
            throw new InferenceException(
                InferenceError.PromptTooLong,
                $"The prompt has {tokens.Count:N0} tokens and the context {loaded.Context.SequenceLength:N0}; shorten the prompt or choose a larger context.");
        }

        using var log = LlamaLibrary.LogThisThreadTo(_logger);
        var grammar = request.Grammar is null
            ? null
            : loaded.Model.CreateGrammar(request.Grammar) ?? throw new InferenceException(InferenceError.Unsupported, "The grammar is not valid GBNF with a rule named root.");
        PromptLookup? lookup = null;
        if (request.DraftSource is { Length: > 0 } source)
        {
            var sourceTokens = new List<int>();
            vocabulary.Tokenize(source, sourceTokens);
            lookup = new PromptLookup([.. sourceTokens]);
        }

        int[]? given = null;
        if (request.GivenAnswer is not null)
        {
            var givenTokens = new List<int>();
            vocabulary.Tokenize(request.GivenAnswer, givenTokens);
            given = [.. givenTokens];
        }

        return new Generation(request, [.. tokens], healedBytes, grammar, lookup, arrival, given);
    }

    /// <summary>Drops the tokens at the end of the prompt's last text that the answer may have to be joined with, and returns their bytes.</summary>
    private static (List<int> Tokens, byte[] HealedBytes) Heal(LlamaVocabulary vocabulary, GenerationRequest request, List<int> tokens)
    {
        var specialsAtEnd = 0;
        while (specialsAtEnd < request.Prompt.Length && request.Prompt[^(specialsAtEnd + 1)] is PromptPart.Special or PromptPart.Text { Value: "" })
        {
            specialsAtEnd++;
        }

        var markers = request.Prompt.AsSpan()[^specialsAtEnd..].ToArray().Count(part => part is PromptPart.Special);
        var text = CollectionsMarshal.AsSpan(tokens)[..^markers];
        var dropped = vocabulary.CountHealable(text);

        // A prompt must keep at least one token to be evaluated.
        if (dropped == 0 || dropped == tokens.Count)
        {
            return (tokens, []);
        }

        var healed = new List<byte>();
        foreach (var token in text[^dropped..])
        {
            healed.AddRange(vocabulary.GetBytes(token));
        }

        tokens.RemoveRange(tokens.Count - markers - dropped, dropped);
        return (tokens, [.. healed]);
    }

    private void Load()
    {
        try
        {
            WaitForTurn();
            var started = _time.GetTimestamp();
            var loaded = LoadModel();
            _logger.LogInformation("Loaded {Model} in {Milliseconds:F0} ms.", loaded.Description.Name, _time.GetElapsedTime(started).TotalMilliseconds);
            ChangeStatus(new EngineStatus.Ready(loaded.Description));
            _loaded.SetResult(loaded);
        }
        catch (Exception exception)
        {
            // The loader thread's last stop: whatever went wrong becomes a status and the answer to every request.
            var error = exception as InferenceException
                ?? new InferenceException(InferenceError.NativeLibrary, $"The model could not be loaded: {exception.Message}", exception);
            // Who closes the engine before it is loaded has seen nothing fail.
            _logger.Log(_closing.IsCancellationRequested ? LogLevel.Debug : LogLevel.Error, exception, "Loading {Path} failed.", _options.ModelPath);
            ChangeStatus(new EngineStatus.Failed(error.Error, error.Message));
            _loaded.SetException(error);
        }
    }

    private LoadedModel LoadModel()
    {
        var file = GgufModel.Read(_options.ModelPath);
        foreach (var adapter in _options.Adapters)
        {
            GgufAdapter.Check(adapter.Path, file);
        }

        using var log = LlamaLibrary.LogThisThreadTo(_logger);
        LlamaLibrary.LoggerOfOtherThreads = _logger;
        LlamaLibrary.EnsureLoaded(_options.NativeFolder, file.KeyLength);
        var plan = LoadPlan.Create(_options, file, LlamaLibrary.GetDevices(), LlamaModelReport.AvailableMemory);
        if (LlamaLibrary.GpuBackend is { } backend && plan.Placement is null)
        {
            _logger.LogWarning("This build wants {Backend}, but llama.cpp found no GPU that it can use through it: check the driver. The model runs on the CPU.", backend);
        }

        foreach (var warning in plan.Warnings)
        {
            _logger.LogWarning("{Warning}", warning);
        }

        var model = LlamaModelHandle.Load(_options.ModelPath, plan.Model, OnProgress);
        if (model is null)
        {
            throw _closing.IsCancellationRequested
                ? new InferenceException(InferenceError.Unavailable, "Loading the model was cancelled.")
                : new InferenceException(InferenceError.ModelInvalid, $"llama.cpp refused {_options.ModelPath}; its log says why. Look at the file with `gptoss-codeassist model info`, and fetch it again if it was cut short.");
        }

        try
        {
            var vocabulary = new LlamaVocabulary(model);
            var context = LlamaContextHandle.Create(model, plan.Context)
                ?? throw new InferenceException(
                    InferenceError.OutOfMemory,
                    $"llama.cpp could not make a context of {plan.Context.SequenceLength:N0} tokens in {plan.Context.Sequences} slots, most often for want of memory; its log says why. Choose a smaller context or fewer slots.");
            try
            {
                if (!_options.Adapters.IsEmpty)
                {
                    context.SetAdapters(_options.Adapters);
                }

                if (plan.Placement is not null)
                {
                    WarmUp(context, plan.Context);
                }

                var loop = new DecodeLoop(context, vocabulary, plan.Context.Sequences, model.SlidingWindow, plan.Context.FullSlidingWindowCache, _time, _logger);
                return new LoadedModel(model, vocabulary, context, loop, file.Describe(context.SequenceLength));
            }
            catch
            {
                context.Dispose();
                throw;
            }
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    /// <summary>Blocks the loader's own thread, which has nothing else to do.</summary>
    private void WaitForTurn()
    {
        try
        {
            Task.WaitAny([_options.LoadAfter], _closing.Token);
        }
        catch (OperationCanceledException)
        {
            throw new InferenceException(InferenceError.Unavailable, "Loading the model was cancelled.");
        }
    }

    /// <summary>
    /// Evaluates a full batch and a single token and forgets them: a GPU compiles its programs when they are first used, and the first
    /// request after loading would wait for that (13 s on an H100 through Vulkan with gpt-oss-20b, instead of 0.2 s).
    /// </summary>
    internal static void WarmUp(LlamaContextHandle context, ContextOptions options)
    {
        using var batch = new TokenBatch(options.MicroBatchSize);
        foreach (var length in (int[])[Math.Min(options.MicroBatchSize, options.SequenceLength - 1), 1])
        {
            batch.Clear();
            for (var position = 0; position < length; position++)
            {
                batch.Add(0, position, 0, output: position == length - 1);
            }

            context.Decode(batch);
            context.RemoveFrom(0, 0);
        }
    }

    private bool OnProgress(float fraction)
    {
        ChangeStatus(new EngineStatus.Loading(fraction));
        return !_closing.IsCancellationRequested;
    }

    private void ChangeStatus(EngineStatus status)
    {
        Volatile.Write(ref _status, status);
        StatusChanged?.Invoke(status);
    }

    private sealed record LoadedModel(LlamaModelHandle Model, LlamaVocabulary Vocabulary, LlamaContextHandle Context, DecodeLoop Loop, ModelDescription Description) : IDisposable
    {
        public void Dispose()
        {
            Loop.Dispose();
            Context.Dispose();
            Model.Dispose();
        }
    }
}
