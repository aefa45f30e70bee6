using System.Collections.Immutable;
using System.Globalization;
using GptOss.CodeAssist.CSharpContext;
using GptOss.CodeAssist.Inference;
using Microsoft.CodeAnalysis.Text;
using Microsoft.Extensions.Logging;

namespace GptOss.CodeAssist.Assistant.Completion;

/// <summary>Inline completion with a local model: nothing is computed twice, and an answer is kept while the typing agrees with it.</summary>
/// <remarks>May be called from any thread, for several documents at once.</remarks>
public sealed class CompletionService : ICompletionService
{
    /// <summary>Answers that took longer are not computed ahead: on such a machine the work would be felt elsewhere.</summary>
    private static readonly TimeSpan QuickEnoughToPrefetch = TimeSpan.FromSeconds(1);

    private readonly IInferenceEngine _engine;
    private readonly CompletionOptions _options;
    private readonly ILogger _logger;
    private readonly TimeProvider _time;
    private readonly AnswerWriter _writer;
    private readonly SuggestionCache _cache = new();
    private readonly Lock _lock = new();
    private readonly Dictionary<string, RunningAnswer> _running = new(StringComparer.Ordinal);
    private int _lastId;

    /// <param name="engine">The model.</param>
    /// <param name="options">How much is read and written.</param>
    /// <param name="findProject">The newest compilation of a document's project, or null while there is none; must return at once. Null where no projects are loaded.</param>
    public CompletionService(IInferenceEngine engine, CompletionOptions options, ILogger logger, TimeProvider? time = null, Func<DocumentSnapshot, CompiledProject?>? findProject = null)
    {
        _engine = engine;
        _options = options;
        _logger = logger;
        _time = time ?? TimeProvider.System;
        _writer = new AnswerWriter(engine, options, _time, findProject ?? (_ => null));
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

        if (request.Trigger == CompletionTrigger.Automatic && IsInsideWord(request))
        {
            return CompletionAnswer.Empty(EmptyReasons.InsideWord) with { Model = model.Name };
        }

        return request.Trigger == CompletionTrigger.Invoked
            ? await AskAsync(request, model, cancellationToken)
            : await AnswerOnceAsync(request, model, cancellationToken);
    }

    /// <summary>A person asked: always the model, for several candidates.</summary>
    private async Task<CompletionAnswer> AskAsync(CompletionRequest request, ModelDescription model, CancellationToken cancellationToken)
    {
        var site = FindSite(request);
        var order = new AnswerOrder(request.Document, site, _options.InvokedCandidates, request.Selected is null, MinConfidence: 0, RequestPriority.Completion);
        var written = await _writer.WriteAsync(order, model, report: null, cancellationToken);
        Remember(CaretKey.At(request.Document.Path, site.Text, site.Offset), model, written);
        return ToAnswer(request, model, [.. written.Ranked.Select(candidate => candidate.Fitted)], written.Reason, written.Usage);
    }

    /// <summary>Somebody types: the answer may be known already, or being written.</summary>
    private async Task<CompletionAnswer> AnswerOnceAsync(CompletionRequest request, ModelDescription model, CancellationToken cancellationToken)
    {
        var site = FindSite(request);
        var key = CaretKey.At(request.Document.Path, site.Text, site.Offset);
        var order = new AnswerOrder(request.Document, site, 1, request.Selected is null, _options.MinConfidence, RequestPriority.Completion);
        while (true)
        {
            if (_cache.Find(key, model.Name) is { } cached)
            {
                var fitted = cached.Texts.Select(text => AnswerFitting.Refit(site, text, order.MayReplace)).Take(1);
                return ToAnswer(request, model, [.. fitted], cached.Reason, usage: null);
            }

            var running = JoinOrStart(order, key, model);
            try
            {
                var written = await running.Answer.WaitAsync(cancellationToken);
                if (running.Key == key)
                {
                    var answer = ToAnswer(request, model, [.. written.Ranked.Select(candidate => candidate.Fitted)], written.Reason, written.Usage);
                    Prefetch(order, written, model);
                    return answer;
                }
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                if (running.Key == key)
                {
                    // Another request for the document took its place.
                    return CompletionAnswer.Empty(EmptyReasons.Superseded) with { Model = model.Name };
                }

                // What was typed parted ways with what the model said: ask anew.
            }
            finally
            {
                running.Leave();
            }
        }
    }

    /// <summary>The answer that is being written for the document, where it may serve this caret too; else a new one in its place.</summary>
    private RunningAnswer JoinOrStart(AnswerOrder order, CaretKey key, ModelDescription model)
    {
        lock (_lock)
        {
            if (_running.TryGetValue(key.Path, out var running))
            {
                if (running.TryJoin(key))
                {
                    return running;
                }

                running.Stop();
            }

            running = Start(order, key, model);
            // Just begun, so that it cannot refuse but by being over: then its answer is at hand.
            running.TryJoin(key);
            return running;
        }
    }

    /// <remarks>Call with the lock held.</remarks>
    private RunningAnswer Start(AnswerOrder order, CaretKey key, ModelDescription model)
    {
        foreach (var over in _running.Where(running => running.Value.Answer.IsCompleted).Select(running => running.Key).ToList())
        {
            _running.Remove(over);
        }

        return _running[key.Path] = RunningAnswer.Start(key, _time, async (report, stopping) =>
        {
            var written = await _writer.WriteAsync(order, model, report, stopping);
            Remember(key, model, written);
            return written;
        });
    }

    /// <summary>Computes what would be shown after the answer is taken, while the person reads it.</summary>
    private void Prefetch(AnswerOrder order, WrittenAnswer written, ModelDescription model)
    {
        if (!_options.Prefetch || written is not { Ranked: [{ Fitted: var fitted }, ..], Usage: { } usage } || usage.FirstToken + usage.Decode > QuickEnoughToPrefetch)
        {
            return;
        }

        var text = order.Site.Text.WithChanges(new TextChange(fitted.Span, fitted.InsertText));
        var site = CaretSite.At(text, fitted.Span.Start + fitted.InsertText.Length);
        var key = CaretKey.At(order.Document.Path, text, site.Offset);
        lock (_lock)
        {
            var isBusy = _running.TryGetValue(key.Path, out var running) && !running.Answer.IsCompleted;
            if (!isBusy && _cache.Find(key, model.Name) is null)
            {
                Start(order with { Site = site, Priority = RequestPriority.WarmUp }, key, model);
            }
        }
    }

    private void Remember(CaretKey key, ModelDescription model, WrittenAnswer written) =>
        _cache.Add(key, model.Name, [.. written.Ranked.Select(candidate => candidate.Fitted.InsertText)], written.Reason);

    private CompletionAnswer ToAnswer(
        CompletionRequest request, ModelDescription model, ImmutableArray<FittedAnswer> fitted, EmptyReason? reason, GenerationUsage? usage) => new()
        {
            Candidates = [.. fitted.Select(one => new CompletionCandidate(NextId(), request.Selected?.Text + one.InsertText, request.Selected?.Span ?? one.Span))],
            Reason = reason,
            Usage = usage,
            Model = model.Name,
        };

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

    private static bool IsInsideWord(CompletionRequest request) =>
        request.Selected is null && request.Offset < request.Document.Text.Length && request.Document.Text[request.Offset] is var next && (char.IsLetterOrDigit(next) || next == '_');

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

    private string NextId() => Interlocked.Increment(ref _lastId).ToString(CultureInfo.InvariantCulture);

    private static EmptyReason ReasonOf(InferenceException exception) => exception.Error switch
    {
        InferenceError.QueueFull => EmptyReasons.EngineBusy,
        InferenceError.ModelNotFound or InferenceError.ModelInvalid or InferenceError.OutOfMemory or InferenceError.NativeLibrary =>
            EmptyReasons.ModelUnavailable(exception.Message),
        _ => EmptyReasons.EngineFailed(exception.Message),
    };
}
