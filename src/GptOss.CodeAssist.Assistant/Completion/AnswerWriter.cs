using GptOss.CodeAssist.CSharpContext;
using GptOss.CodeAssist.Inference;

namespace GptOss.CodeAssist.Assistant.Completion;

/// <summary>Has the model write answers for a caret: prompt, stream, cut, fit, judge, rank.</summary>
/// <remarks>May be called from any thread, for several documents at once.</remarks>
internal sealed class AnswerWriter
{
    /// <summary>Longer files are generated ones, and parsing them would cost more than it saves.</summary>
    private const int MaxParsedCharacters = 500_000;

    private readonly IInferenceEngine _engine;
    private readonly CompletionOptions _options;
    private readonly TimeProvider _time;
    private readonly ModelSpeed _speed = new();
    private readonly ParsedDocuments _parsed;
    private readonly CompileCheck _compiler;
    private readonly PromptWriter _prompts;

    public AnswerWriter(IInferenceEngine engine, CompletionOptions options, TimeProvider time, ICompletionWorkspace workspace)
    {
        (_engine, _options, _time) = (engine, options, time);
        _parsed = new ParsedDocuments(workspace);
        _compiler = new CompileCheck(time);
        _prompts = new PromptWriter(engine, options, workspace, _speed, time);
    }

    /// <summary>The document at a site's text, parsed; null where it is not C# or too long.</summary>
    public CSharpDocument? Parse(DocumentSnapshot document, CaretSite site, CancellationToken cancellationToken) =>
        document.LanguageId == "csharp" && site.Text.Length <= MaxParsedCharacters ? _parsed.Parse(document, site.Text, cancellationToken) : null;

    /// <param name="report">Told what the model has said so far of the first candidate.</param>
    /// <exception cref="InferenceException">The engine refused or failed.</exception>
    public async Task<WrittenAnswer> WriteAsync(AnswerOrder order, ModelDescription model, Action<string>? report, CancellationToken cancellationToken)
    {
        var document = Parse(order.Document, order.Site, cancellationToken);
        var generation = await _prompts.WriteAsync(order, document, model, _options.ContextPatience, cancellationToken);
        var meter = new UsageMeter(_time);
        var judged = new List<JudgedCandidate>();
        EmptyReason? reason = null;
        for (var number = 0; number < order.Candidates; number++)
        {
            if (number > 0 && meter.Elapsed > _options.FurtherCandidatesTime)
            {
                break;
            }

            var answer = await GenerateAsync(generation with { Sampling = SamplingOf(number) }, order.Site, meter, number == 0 ? report : null, cancellationToken);
            if (FindCandidate(answer, document, order, out var why, cancellationToken) is not { } candidate)
            {
                reason ??= why;
            }
            else if (!judged.Exists(other => other.Fitted == candidate.Fitted))
            {
                judged.Add(candidate);
            }
        }

        if (meter.Total is { } usage)
        {
            _speed.Record(usage);
        }

        // What the compiler likes without help comes first, then what the model is surest of; the order of asking decides between equals.
        var ranked = judged.OrderByDescending(candidate => candidate.IsWhole).ThenByDescending(candidate => candidate.Confidence);
        return new WrittenAnswer([.. ranked], judged.Count > 0 ? null : reason, meter.Total);
    }

    /// <summary>Looks for related code ahead of <see cref="WriteAsync"/>, which then finds it ready.</summary>
    public async Task PrepareAsync(AnswerOrder order, ModelDescription model, CancellationToken cancellationToken) =>
        _ = await _prompts.WriteAsync(order, Parse(order.Document, order.Site, cancellationToken), model, _options.ContextPatience, cancellationToken);

    /// <summary>What is worth showing of an answer that is still being written: its whole lines; null where there are none.</summary>
    /// <param name="said">What the model said so far.</param>
    public JudgedCandidate? FindPartial(AnswerOrder order, string said, CancellationToken cancellationToken)
    {
        var end = said.LastIndexOf('\n');
        if (!order.Site.MayHaveSeveralLines || end < 0 || string.IsNullOrWhiteSpace(said[..end]))
        {
            return null;
        }

        var lines = new GrowingAnswer(order.Site, _options.MaxLines);
        lines.Add(said[..end]);
        lines.End(stoppedByItself: true);
        return FindCandidate(lines, Parse(order.Document, order.Site, cancellationToken), order, out _, cancellationToken);
    }

    /// <summary>Reads what a completion here would need, and has the model evaluate its prompt, so that the first keystroke finds both ready.</summary>
    public async Task WarmUpAsync(AnswerOrder order, ModelDescription model, CancellationToken cancellationToken)
    {
        var document = Parse(order.Document, order.Site, cancellationToken);
        var request = await _prompts.WriteAsync(order, document, model, TimeSpan.FromSeconds(1), cancellationToken);
        await foreach (var _ in _engine.GenerateAsync(request with { MaxTokens = 0, Guide = null, Priority = RequestPriority.WarmUp }, cancellationToken))
        {
            // Only the cache is wanted.
        }
    }

    private JudgedCandidate? FindCandidate(
        GrowingAnswer answer, CSharpDocument? document, AnswerOrder order, out EmptyReason refusal, CancellationToken cancellationToken)
    {
        var fitted = AnswerFitting.Fit(order.Site, answer, order.MayReplace, out var why);
        if (fitted is null)
        {
            refusal = why.Length > 0 ? EmptyReasons.Filtered(why) : EmptyReasons.NothingGenerated;
            return null;
        }

        var judged = _options.Gate
            ? CandidateJudge.Judge(order, document, fitted, answer, out why, cancellationToken)
            : new JudgedCandidate(fitted, IsWhole: true, answer.Confidence);
        refusal = EmptyReasons.Gate(why);
        if (judged is not null && judged.Confidence < order.MinConfidence)
        {
            refusal = EmptyReasons.NotSureEnough(judged.Confidence, order.MinConfidence);
            return null;
        }

        if (judged is not null && _options.Gate && document is not null && !order.WasAsked && _compiler.FindError(document, judged, cancellationToken) is { } error)
        {
            refusal = EmptyReasons.Gate(error);
            return null;
        }

        return judged;
    }

    /// <summary>Streams one answer and stops the model the moment its end is decided.</summary>
    private async Task<GrowingAnswer> GenerateAsync(GenerationRequest request, CaretSite site, UsageMeter meter, Action<string>? report, CancellationToken cancellationToken)
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
                    report?.Invoke(answer.Text);
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
}
