using System.Collections.Immutable;
using System.Globalization;
using GptOss.CodeAssist.Inference;
using Microsoft.Extensions.Logging;

namespace GptOss.CodeAssist.Assistant.Completion;

/// <summary>Inline completion with a local model: writes the prompt, watches the answer, and shows what of it fits the document.</summary>
/// <remarks>May be called from any thread, for several documents at once.</remarks>
public sealed class CompletionService : ICompletionService
{
    private readonly IInferenceEngine _engine;
    private readonly CompletionOptions _options;
    private readonly ILogger _logger;
    private readonly TimeProvider _time;
    private readonly PromptWindows _windows;
    private int _lastId;

    public CompletionService(IInferenceEngine engine, CompletionOptions options, ILogger logger, TimeProvider? time = null)
    {
        _engine = engine;
        _options = options;
        _logger = logger;
        _time = time ?? TimeProvider.System;
        _windows = new PromptWindows(engine);
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
        var meter = new UsageMeter(_time);
        var candidates = ImmutableArray.CreateBuilder<CompletionCandidate>();
        EmptyReason? reason = null;
        var wanted = request.Trigger == CompletionTrigger.Invoked ? _options.InvokedCandidates : 1;
        for (var number = 0; number < wanted; number++)
        {
            if (number > 0 && meter.Elapsed > _options.FurtherCandidatesTime)
            {
                break;
            }

            var answer = await GenerateAsync(generation with { Sampling = SamplingOf(number) }, site, meter, cancellationToken);
            var fitted = AnswerFitting.Fit(site, answer, mayReplace: request.Selected is null, out var why);
            if (fitted is null)
            {
                reason ??= why.Length > 0 ? EmptyReasons.Filtered(why) : EmptyReasons.NothingGenerated;
            }
            else if (!candidates.Any(other => other.InsertText == TextOf(fitted, request.Selected)))
            {
                candidates.Add(new CompletionCandidate(NextId(), TextOf(fitted, request.Selected), request.Selected?.Span ?? fitted.Span));
            }
        }

        return new CompletionAnswer
        {
            Candidates = candidates.ToImmutable(),
            Reason = candidates.Count > 0 ? null : reason,
            Usage = meter.Total,
            Model = model.Name,
        };
    }

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

    private static string TextOf(FittedAnswer fitted, SelectedCompletion? selected) => selected?.Text + fitted.InsertText;

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
            HealPromptEnd = true,
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
                    answer.Add(token.Text);
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
