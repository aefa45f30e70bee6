using System.Globalization;
using GptOss.CodeAssist.CSharpContext;
using GptOss.CodeAssist.Inference;
using Microsoft.Extensions.Logging;

namespace GptOss.CodeAssist.Assistant.Completion;

/// <summary>Inline completion with a local model: writes the prompt, watches the answer, and shows what of it fits the document.</summary>
/// <remarks>May be called from any thread, for several documents at once.</remarks>
public sealed class CompletionService : ICompletionService
{
    /// <summary>Longer files are generated ones, and parsing them would cost more than it saves.</summary>
    private const int MaxGatedCharacters = 500_000;

    private readonly IInferenceEngine _engine;
    private readonly CompletionOptions _options;
    private readonly ILogger _logger;
    private readonly TimeProvider _time;
    private readonly PromptWindows _windows;
    private readonly ParsedDocuments _parsed;
    private int _lastId;

    /// <param name="engine">The model.</param>
    /// <param name="options">How much is read and written.</param>
    /// <param name="findProject">The newest compilation of a file's project, or null while there is none; must return at once. Null where no projects are loaded.</param>
    public CompletionService(IInferenceEngine engine, CompletionOptions options, ILogger logger, TimeProvider? time = null, Func<string, CompiledProject?>? findProject = null)
    {
        _engine = engine;
        _options = options;
        _logger = logger;
        _time = time ?? TimeProvider.System;
        _windows = new PromptWindows(engine);
        _parsed = new ParsedDocuments(findProject ?? (_ => null));
    }

    public async Task<CompletionAnswer> CompleteAsync(CompletionRequest request, CancellationToken cancellationToken)
    {
        try
        {
            return await AnswerAsync(request, cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            throw;
        }
        catch (InferenceException exception)
        {
            _logger.LogWarning("Completion failed: {Error}: {Message}", exception.Error, exception.Message);
            return CompletionAnswer.Empty(ReasonOf(exception));
        }
#pragma warning disable CA1031 // An editor must never see a failure of ours as an error: it logs each, and keeps stale ghost text.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            _logger.LogError(exception, "Completion failed");
            return CompletionAnswer.Empty(EmptyReasons.EngineFailed($"Completion failed: {exception.Message}"));
        }
    }

    private async Task<CompletionAnswer> AnswerAsync(CompletionRequest request, CancellationToken cancellationToken)
    {
        var refusal = FindRefusal(request) ?? FindEngineRefusal(_engine.Status);
        if (refusal is not null || _engine.Status is not EngineStatus.Ready { Model: var model })
        {
            return CompletionAnswer.Empty(refusal ?? EmptyReasons.ModelLoading(0));
        }

        if (model.PromptStyle != PromptStyle.Harmony && request.Document.LanguageId != "csharp")
        {
            return CompletionAnswer.Empty(EmptyReasons.LanguageNotSupported(model.Name, request.Document.LanguageId)) with { Model = model.Name };
        }

        var site = FindSite(request);
        var generation = await WriteRequestAsync(request.Document, site, model, cancellationToken);
        var document = ParseForGate(request.Document, site, cancellationToken);
        var meter = new UsageMeter(_time);
        var judged = new List<JudgedCandidate>();
        EmptyReason? reason = null;
        var wanted = request.Trigger == CompletionTrigger.Invoked ? _options.InvokedCandidates : 1;
        for (var number = 0; number < wanted; number++)
        {
            if (number > 0 && meter.Elapsed > _options.FurtherCandidatesTime)
            {
                break;
            }

            var answer = await GenerateAsync(generation with { Sampling = SamplingOf(number) }, site, meter, cancellationToken);
            if (FindCandidate(answer, site, document, request, out var why, cancellationToken) is not { } candidate)
            {
                reason ??= why;
            }
            else if (!judged.Exists(other => other.Fitted == candidate.Fitted))
            {
                judged.Add(candidate);
            }
        }

        // What the compiler likes without help comes first, then what the model is surest of; the order of asking decides between equals.
        var ranked = judged.OrderByDescending(candidate => candidate.IsWhole).ThenByDescending(candidate => candidate.Confidence);
        return new CompletionAnswer
        {
            Candidates = [.. ranked.Select(candidate => new CompletionCandidate(NextId(), request.Selected?.Text + candidate.Fitted.InsertText, request.Selected?.Span ?? candidate.Fitted.Span))],
            Reason = judged.Count > 0 ? null : reason,
            Usage = meter.Total,
            Model = model.Name,
        };
    }

    private JudgedCandidate? FindCandidate(
        GrowingAnswer answer, CaretSite site, CSharpDocument? document, CompletionRequest request, out EmptyReason refusal, CancellationToken cancellationToken)
    {
        var fitted = AnswerFitting.Fit(site, answer, mayReplace: request.Selected is null, out var why);
        if (fitted is null)
        {
            refusal = why.Length > 0 ? EmptyReasons.Filtered(why) : EmptyReasons.NothingGenerated;
            return null;
        }

        var judged = CandidateJudge.Judge(document, fitted, answer, out why, cancellationToken);
        refusal = EmptyReasons.Filtered(why);
        if (judged is not null && request.Trigger == CompletionTrigger.Automatic && judged.Confidence < _options.MinConfidence)
        {
            refusal = EmptyReasons.NotSureEnough(judged.Confidence, _options.MinConfidence);
            return null;
        }

        return judged;
    }

    /// <summary>The document as the gate needs it; null where it cannot be checked.</summary>
    private CSharpDocument? ParseForGate(DocumentSnapshot document, CaretSite site, CancellationToken cancellationToken) =>
        _options.Gate && document.LanguageId == "csharp" && site.Text.Length <= MaxGatedCharacters ? _parsed.Parse(document.Path, site.Text, cancellationToken) : null;

    private EmptyReason? FindRefusal(CompletionRequest request)
    {
        var text = request.Document.Text;
        if (text.Length > _options.MaxDocumentCharacters)
        {
            return EmptyReasons.DocumentTooLarge(text.Length, _options.MaxDocumentCharacters);
        }

        if (request.Offset < 0 || request.Offset > text.Length || request.Selected?.Span.End > text.Length)
        {
            return EmptyReasons.StalePosition;
        }

        return text.Length < 1_000 && string.IsNullOrWhiteSpace(text.ToString()) ? EmptyReasons.EmptyDocument : null;
    }

    private static EmptyReason? FindEngineRefusal(EngineStatus status) => status switch
    {
        EngineStatus.Loading loading => EmptyReasons.ModelLoading(loading.Fraction),
        EngineStatus.Failed failed => EmptyReasons.ModelUnavailable(failed.Reason),
        _ => null,
    };

    /// <summary>The caret as it would be after the pop-up's selected entry was taken.</summary>
    private static CaretSite FindSite(CompletionRequest request) => request.Selected is { } selected
        ? CaretSite.At(request.Document.Text.Replace(selected.Span, selected.Text), selected.Span.Start + selected.Text.Length)
        : CaretSite.At(request.Document.Text, request.Offset);

    private async ValueTask<GenerationRequest> WriteRequestAsync(DocumentSnapshot document, CaretSite site, ModelDescription model, CancellationToken cancellationToken)
    {
        var maxTokens = site.MayHaveSeveralLines ? _options.MaxBlockTokens : _options.MaxLineTokens;
        // Harmony's frame and the special tokens take some of the context too.
        var room = Math.Max(64, model.ContextLength - maxTokens - 256);
        var maxSuffix = Math.Min(model.MaxSuffixTokens ?? _options.MaxSuffixTokens, room / 3);
        var maxPrefix = Math.Min(model.MaxPrefixTokens ?? _options.MaxPrefixTokens, room - maxSuffix);
        var window = await _windows.TakeAsync(document.Path, site, maxPrefix, maxSuffix, cancellationToken);
        return new GenerationRequest
        {
            Prompt = CompletionPrompt.Write(model.PromptStyle, window, Path.GetFileName(document.Path), document.LanguageId),
            MaxTokens = maxTokens,
            StopTokens = CompletionPrompt.StopTokens(model.PromptStyle),
            HealPromptEnd = _options.Healing,
            CacheKey = document.Path,
        };
    }

    /// <summary>Streams one answer and stops the model the moment its end is decided.</summary>
    private async Task<GrowingAnswer> GenerateAsync(GenerationRequest request, CaretSite site, UsageMeter meter, CancellationToken cancellationToken)
    {
        var answer = new GrowingAnswer(site, _options.MaxLines);
        meter.Begin();
        await foreach (var happened in _engine.GenerateAsync(request, cancellationToken))
        {
            meter.Take(happened);
            if (happened is GenerationEvent.Token token)
            {
                if (token.Special is not null)
                {
                    // A control token in the middle of code is a model that lost its way.
                    answer.End(stoppedByItself: true);
                }
                else
                {
                    answer.Add(token.Text, token.LogProbability);
                }
            }
            else if (happened is GenerationEvent.Finished finished)
            {
                answer.Add(finished.RemainingText);
                answer.End(finished.Reason is not (FinishReason.TokenLimit or FinishReason.ContextFull));
            }

            if (answer.IsDecided)
            {
                break;
            }
        }

        meter.End();
        return answer;
    }

    /// <summary>The first candidate is the model's likeliest text; further ones are sampled, with fixed seeds so that asking again gives the same.</summary>
    private static SamplingOptions SamplingOf(int number) => number == 0
        ? SamplingOptions.Greedy
        : new SamplingOptions { Temperature = 0.6f, TopP = 0.95f, MinP = 0.05f, Seed = (uint)number };

    private string NextId() => Interlocked.Increment(ref _lastId).ToString(CultureInfo.InvariantCulture);

    private static EmptyReason ReasonOf(InferenceException exception) => exception.Error switch
    {
        InferenceError.QueueFull => EmptyReasons.EngineBusy,
        InferenceError.ModelNotFound or InferenceError.ModelInvalid or InferenceError.OutOfMemory or InferenceError.NativeLibrary =>
            EmptyReasons.ModelUnavailable(exception.Message),
        _ => EmptyReasons.EngineFailed(exception.Message),
    };
}
