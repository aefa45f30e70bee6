using System.Collections.Immutable;
using System.Globalization;
using GptOss.CodeAssist.Assistant.Completion.Habits;
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

    /// <summary>Editors name candidates of all services of a process by their ids.</summary>
    private static int _lastId;

    private readonly IInferenceEngine _engine;
    private readonly CompletionOptions _options;
    private readonly ILogger _logger;
    private readonly TimeProvider _time;
    private readonly AnswerWriter _writer;
    private readonly ICompletionWorkspace _workspace;
    private readonly SuggestionCache _cache = new();
    private readonly Lock _lock = new();
    private readonly Dictionary<string, RunningAnswer> _running = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _lastCarets = new(StringComparer.Ordinal);
    private readonly TypingPace _pace;

    /// <param name="engine">The model.</param>
    /// <param name="options">How much is read and written.</param>
    /// <param name="workspace">The projects around the documents; null where none are loaded.</param>
    public CompletionService(IInferenceEngine engine, CompletionOptions options, ILogger logger, TimeProvider? time = null, ICompletionWorkspace? workspace = null)
    {
        _engine = engine;
        _options = options;
        _logger = logger;
        _time = time ?? TimeProvider.System;
        _pace = new TypingPace(_time);
        _workspace = workspace ?? new NoWorkspace();
        _writer = new AnswerWriter(engine, options, _time, _workspace);
    }

    /// <summary>Hears what is offered, and says what is worth offering; null when nobody does.</summary>
    public ICompletionFeedback? Feedback { get; init; }

    public async Task<CompletionAnswer> CompleteAsync(CompletionRequest request, CancellationToken cancellationToken)
    {
        try
        {
            var answer = await AnswerAsync(request, cancellationToken);
            if (answer.Reason is { } reason && !reason.Is(EmptyReasonCode.Superseded))
            {
                Feedback?.Withdrawn(request.Document.Path);
            }

            return answer;
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

        if (model.CompletionRefusal is { } why)
        {
            return CompletionAnswer.Empty(EmptyReasons.CannotComplete(why)) with { Model = model.Name };
        }

        if (model.PromptStyle != PromptStyle.Harmony && request.Document.LanguageId != "csharp")
        {
            return CompletionAnswer.Empty(EmptyReasons.LanguageNotSupported(model.Name, request.Document.LanguageId)) with { Model = model.Name };
        }

        var site = FindSite(request);
        lock (_lock)
        {
            _lastCarets[request.Document.Path] = site.Offset;
        }

        if (request.Trigger == CompletionTrigger.Invoked)
        {
            return await AskAsync(request, site, model, cancellationToken);
        }

        return QuietRules.FindByText(site, request.Selected is not null, _options.Healing) is { } quiet
            ? CompletionAnswer.Empty(quiet) with { Model = model.Name }
            : await AnswerOnceAsync(request, site, model, cancellationToken);
    }

    public void WarmUp(DocumentSnapshot document)
    {
        int? caret;
        lock (_lock)
        {
            caret = _lastCarets.TryGetValue(document.Path, out var last) ? Math.Min(last, document.Text.Length) : null;
        }

        _ = Task.Run(() => WarmUpAsync(document, caret));
    }

    /// <summary>Finds what an answer at a caret will need beside the model, as it is found while a person types towards it.</summary>
    public async Task PrepareAsync(DocumentSnapshot document, int caret, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(document);
        var order = new AnswerOrder(document, CaretSite.At(document.Text, caret), 1, MayReplace: true, MinConfidence: 0, RequestPriority.WarmUp);
        await _writer.RehearseAsync(order, cancellationToken);
        if (_engine.Status is EngineStatus.Ready { Model: var model })
        {
            await _writer.PrepareAsync(order, model, TimeSpan.FromSeconds(10), cancellationToken);
        }
    }

    private async Task WarmUpAsync(DocumentSnapshot document, int? caret)
    {
        try
        {
            var site = CaretSite.At(document.Text, caret ?? 0);
            if (document.Text.Length > _options.MaxDocumentCharacters || _workspace.FindExclusion(document) is not null)
            {
                return;
            }

            // Where nobody has typed yet, nobody knows which prompt will be wanted, but for its beginning.
            var order = new AnswerOrder(document, site, 1, MayReplace: true, MinConfidence: 0, RequestPriority.WarmUp);
            var rehearsal = _writer.RehearseAsync(order, CancellationToken.None);
            if (_engine.Status is EngineStatus.Ready { Model: { CompletionRefusal: null } model } && (model.PromptStyle == PromptStyle.Harmony || document.LanguageId == "csharp"))
            {
                await _writer.WarmUpAsync(order, model, isCaretKnown: caret is not null, CancellationToken.None);
            }

            await rehearsal;
        }
#pragma warning disable CA1031 // Nobody waits for it: the first completion does the work then, and says what is wrong.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            _logger.LogInformation("Warming up {Path} failed: {Message}", document.Path, exception.Message);
        }
    }

    /// <summary>A person asked: always the model, for several candidates.</summary>
    private async Task<CompletionAnswer> AskAsync(CompletionRequest request, CaretSite site, ModelDescription model, CancellationToken cancellationToken)
    {
        var order = new AnswerOrder(request.Document, site, _options.InvokedCandidates, request.Selected is null, MinConfidence: 0, RequestPriority.Completion, WasAsked: true);
        var written = await _writer.WriteAsync(order, model, report: null, cancellationToken);
        Remember(CaretKey.At(request.Document.Path, site.Text, site.Offset), model, written);
        return ToAnswer(request, model, [.. written.Ranked.Select(candidate => candidate.Fitted)], written.Reason, written.Usage);
    }

    /// <summary>Somebody types: the answer may be known already, or being written.</summary>
    private async Task<CompletionAnswer> AnswerOnceAsync(CompletionRequest request, CaretSite site, ModelDescription model, CancellationToken cancellationToken)
    {
        var key = CaretKey.At(request.Document.Path, site.Text, site.Offset);
        var order = new AnswerOrder(request.Document, site, 1, request.Selected is null, Math.Max(_options.MinConfidence, _options.Adapt && Feedback is { } feedback ? feedback.MinConfidence : 0), RequestPriority.Completion);
        var delay = _pace.Record(key.Path, site.LineBefore is [.., var last] && (char.IsLetterOrDigit(last) || last == '_'), request.SinceChange);
        if (FindCached(request, order, key, model) is { } known)
        {
            return known;
        }

        if (_writer.Parse(request.Document, site, cancellationToken) is { } document && QuietRules.FindBySyntax(site, document, model, cancellationToken) is { } quiet)
        {
            return CompletionAnswer.Empty(quiet) with { Model = model.Name };
        }

        if (_options.Debounce && delay > TimeSpan.Zero && !IsBeingAnswered(key))
        {
            await Task.WhenAll(_writer.PrepareAsync(order, model, _options.ContextPatience, cancellationToken), Task.Delay(delay, _time, cancellationToken));
        }

        while (true)
        {
            if (FindCached(request, order, key, model) is { } cached)
            {
                return cached;
            }

            var running = JoinOrStart(order, key, model);
            var isWanted = false;
            try
            {
                if (await FindPartialAsync(running, order, key, cancellationToken) is var (partial, usage))
                {
                    isWanted = true;
                    return ToAnswer(request, model, [partial], reason: null, usage);
                }

                var written = await running.Answer.WaitAsync(_options.GiveUpAfter, _time, cancellationToken);
                cancellationToken.ThrowIfCancellationRequested();
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
            catch (TimeoutException)
            {
                isWanted = true;
                return CompletionAnswer.Empty(EmptyReasons.TooSlow(model.Name, _options.GiveUpAfter)) with { Model = model.Name };
            }
            finally
            {
                running.Leave(isWanted);
            }
        }
    }

    /// <summary>What is whole of an answer that takes long, as soon as something is; null where the answer is finished first.</summary>
    /// <exception cref="TimeoutException">Nothing was whole by the time that a person waits at most.</exception>
    private async Task<(FittedAnswer Fitted, GenerationUsage? Usage)?> FindPartialAsync(RunningAnswer running, AnswerOrder order, CaretKey key, CancellationToken cancellationToken)
    {
        if (running.Key != key)
        {
            return null;
        }

        using var finished = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var deadline = Task.Delay(_options.ShowWithin, _time, finished.Token);
        var giveUp = Task.Delay(_options.GiveUpAfter, _time, finished.Token);
        try
        {
            await Task.WhenAny(running.Answer, deadline);
            while (!running.Answer.IsCompleted && !giveUp.IsCompleted)
            {
                cancellationToken.ThrowIfCancellationRequested();
                var grown = running.Grown;
                var (said, usage) = running.Said;
                var partial = _writer.FindPartialAsync(order, said, cancellationToken);
                if (await Task.WhenAny(partial, running.Answer) == partial)
                {
                    if (await partial is { } whole)
                    {
                        return (whole.Fitted, usage);
                    }

                    await Task.WhenAny(running.Answer, grown, giveUp);
                }
            }

            cancellationToken.ThrowIfCancellationRequested();
            return running.Answer.IsCompleted ? null : throw new TimeoutException();
        }
        finally
        {
            await finished.CancelAsync();
        }
    }

    /// <summary>An answer that is known. One from before the project was read is not: its names were not looked at, and what they need is not imported with it.</summary>
    private CompletionAnswer? FindCached(CompletionRequest request, AnswerOrder order, CaretKey key, ModelDescription model) => _cache.Find(key, model.Name) is { } cached && (cached.WasCompiled || _workspace.FindProject(request.Document) is null)
        ? ToAnswer(request, model, [.. cached.Rests.Select(text => AnswerFitting.Refit(order.Site, text, order.MayReplace)).Take(1)], cached.Reason, usage: null)
        : null;

    private bool IsBeingAnswered(CaretKey key)
    {
        lock (_lock)
        {
            return _running.TryGetValue(key.Path, out var running) && running.MayServe(key);
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

        return _running[key.Path] = RunningAnswer.Start(key, _time, said => AnswerFitting.Preview(order.Site, said), async (report, stopping) =>
        {
            var started = _time.GetTimestamp();
            var written = await _writer.WriteAsync(order, model, report, stopping);
            Remember(key, model, written);
            _pace.RecordAnswer(_time.GetElapsedTime(started));
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

        var site = FindSiteAfter(order, fitted, model);
        var key = CaretKey.At(order.Document.Path, site.Text, site.Offset);
        lock (_lock)
        {
            var isBusy = _running.TryGetValue(key.Path, out var running) && !running.Answer.IsCompleted;
            if (!isBusy && _cache.Find(key, model.Name) is null)
            {
                Start(order with { Site = site, Priority = RequestPriority.WarmUp }, key, model);
            }
        }
    }

    /// <summary>Where the editor asks next: at the end of what was taken, or on the next line where a statement ends there.</summary>
    private CaretSite FindSiteAfter(AnswerOrder order, FittedAnswer fitted, ModelDescription model)
    {
        var text = order.Site.Text.WithChanges(new TextChange(fitted.Span, fitted.InsertText));
        var site = CaretSite.At(text, fitted.Span.Start + fitted.InsertText.Length);
        if (_writer.Parse(order.Document, site, CancellationToken.None) is not { } document || QuietRules.FindBySyntax(site, document, model, CancellationToken.None) is null)
        {
            return site;
        }

        var line = text.Lines.GetLineFromPosition(site.Offset);
        var content = line.ToString();
        var lineBreak = order.Site.Style.LineEnd + content[..^content.TrimStart().Length];
        return CaretSite.At(text.Replace(site.Offset, 0, lineBreak), site.Offset + lineBreak.Length);
    }

    private void Remember(CaretKey key, ModelDescription model, WrittenAnswer written) =>
        _cache.Add(key, model.Name, [.. written.Ranked.Select(candidate => new SuggestedText(candidate.Fitted.InsertText, candidate.Fitted.Usings))], written.Reason, written.WasCompiled);

    private CompletionAnswer ToAnswer(
        CompletionRequest request, ModelDescription model, ImmutableArray<FittedAnswer> fitted, EmptyReason? reason, GenerationUsage? usage)
    {
        ImmutableArray<CompletionCandidate> candidates =
            [.. fitted.Select(one => new CompletionCandidate(NextId(), request.Selected?.Text + one.InsertText, request.Selected?.Span ?? one.Span) { Usings = one.Usings })];
        foreach (var candidate in candidates)
        {
            Feedback?.Offered(new CompletionOffer(candidate.Id, request.Document, candidate.Span, candidate.InsertText, model.Name, IsAlternative: candidate != candidates[0]));
        }

        return new CompletionAnswer { Candidates = candidates, Reason = reason, Usage = usage, Model = model.Name };
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

        if (_workspace.FindExclusion(request.Document) is { } excluded)
        {
            return excluded;
        }

        return text.Length < 1_000 && string.IsNullOrWhiteSpace(text.ToString()) ? EmptyReasons.EmptyDocument : null;
    }

    private static EmptyReason? FindEngineRefusal(EngineStatus status) => status switch
    {
        EngineStatus.Loading loading => EmptyReasons.ModelLoading(loading.Fraction),
        EngineStatus.Restarting restarting => EmptyReasons.EngineRestarting(restarting.Reason),
        EngineStatus.Failed failed => EmptyReasons.ModelUnavailable(failed.Reason),
        _ => null,
    };

    /// <summary>The caret as it would be after the pop-up's selected entry was taken.</summary>
    private static CaretSite FindSite(CompletionRequest request) => request.Selected is { } selected
        ? CaretSite.At(request.Document.Text.Replace(selected.Span, selected.Text), selected.Span.Start + selected.Text.Length)
        : CaretSite.At(request.Document.Text, request.Offset);

    private static string NextId() => Interlocked.Increment(ref _lastId).ToString(CultureInfo.InvariantCulture);

    private static EmptyReason ReasonOf(InferenceException exception) => exception.Error switch
    {
        InferenceError.QueueFull => EmptyReasons.EngineBusy,
        InferenceError.EngineLost => EmptyReasons.EngineRestarting(exception.Message),
        InferenceError.ModelNotFound or InferenceError.ModelInvalid or InferenceError.OutOfMemory or InferenceError.NativeLibrary =>
            EmptyReasons.ModelUnavailable(exception.Message),
        _ => EmptyReasons.EngineFailed(exception.Message),
    };
}
