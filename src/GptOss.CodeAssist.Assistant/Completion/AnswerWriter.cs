using GptOss.CodeAssist.CSharpContext;
using GptOss.CodeAssist.Inference;

namespace GptOss.CodeAssist.Assistant.Completion;

/// <summary>Has the model write answers for a caret: prompt, stream, cut, fit, judge, rank.</summary>
/// <remarks>May be called from any thread, for several documents at once.</remarks>
internal sealed class AnswerWriter(IInferenceEngine engine, CompletionOptions options, TimeProvider time, Func<DocumentSnapshot, CompiledProject?> findProject)
{
    /// <summary>Longer files are generated ones, and parsing them would cost more than it saves.</summary>
    private const int MaxGatedCharacters = 500_000;

    private readonly PromptWindows _windows = new(engine);
    private readonly ParsedDocuments _parsed = new(findProject);

    /// <param name="report">Told how the first candidate's text grows, in the file's style.</param>
    /// <exception cref="InferenceException">The engine refused or failed.</exception>
    public async Task<WrittenAnswer> WriteAsync(AnswerOrder order, ModelDescription model, Action<string>? report, CancellationToken cancellationToken)
    {
        var site = order.Site;
        var generation = await WriteRequestAsync(order, model, cancellationToken);
        var document = ParseForGate(order.Document, site, cancellationToken);
        var meter = new UsageMeter(time);
        var judged = new List<JudgedCandidate>();
        EmptyReason? reason = null;
        for (var number = 0; number < order.Candidates; number++)
        {
            if (number > 0 && meter.Elapsed > options.FurtherCandidatesTime)
            {
                break;
            }

            var answer = await GenerateAsync(generation with { Sampling = SamplingOf(number) }, site, meter, number == 0 ? report : null, cancellationToken);
            if (FindCandidate(answer, document, order, out var why, cancellationToken) is not { } candidate)
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
        return new WrittenAnswer([.. ranked], judged.Count > 0 ? null : reason, meter.Total);
    }

    private static JudgedCandidate? FindCandidate(
        GrowingAnswer answer, CSharpDocument? document, AnswerOrder order, out EmptyReason refusal, CancellationToken cancellationToken)
    {
        var fitted = AnswerFitting.Fit(order.Site, answer, order.MayReplace, out var why);
        if (fitted is null)
        {
            refusal = why.Length > 0 ? EmptyReasons.Filtered(why) : EmptyReasons.NothingGenerated;
            return null;
        }

        var judged = CandidateJudge.Judge(document, fitted, answer, out why, cancellationToken);
        refusal = EmptyReasons.Filtered(why);
        if (judged is not null && judged.Confidence < order.MinConfidence)
        {
            refusal = EmptyReasons.NotSureEnough(judged.Confidence, order.MinConfidence);
            return null;
        }

        return judged;
    }

    /// <summary>The document as the gate needs it; null where it cannot be checked.</summary>
    private CSharpDocument? ParseForGate(DocumentSnapshot document, CaretSite site, CancellationToken cancellationToken) =>
        options.Gate && document.LanguageId == "csharp" && site.Text.Length <= MaxGatedCharacters ? _parsed.Parse(document, site.Text, cancellationToken) : null;

    private async ValueTask<GenerationRequest> WriteRequestAsync(AnswerOrder order, ModelDescription model, CancellationToken cancellationToken)
    {
        var (document, site) = (order.Document, order.Site);
        var maxTokens = site.MayHaveSeveralLines ? options.MaxBlockTokens : options.MaxLineTokens;
        // Harmony's frame and the special tokens take some of the context too.
        var room = Math.Max(64, model.ContextLength - maxTokens - 256);
        var maxSuffix = Math.Min(model.MaxSuffixTokens ?? options.MaxSuffixTokens, room / 3);
        var maxPrefix = Math.Min(model.MaxPrefixTokens ?? options.MaxPrefixTokens, room - maxSuffix);
        var window = await _windows.TakeAsync(document.Path, site, maxPrefix, maxSuffix, cancellationToken);
        return new GenerationRequest
        {
            Prompt = CompletionPrompt.Write(model.PromptStyle, window, Path.GetFileName(document.Path), document.LanguageId),
            MaxTokens = maxTokens,
            StopTokens = CompletionPrompt.StopTokens(model.PromptStyle),
            HealPromptEnd = options.Healing,
            CacheKey = document.Path,
            Priority = order.Priority,
        };
    }

    /// <summary>Streams one answer and stops the model the moment its end is decided.</summary>
    private async Task<GrowingAnswer> GenerateAsync(GenerationRequest request, CaretSite site, UsageMeter meter, Action<string>? report, CancellationToken cancellationToken)
    {
        var answer = new GrowingAnswer(site, options.MaxLines);
        meter.Begin();
        await foreach (var happened in engine.GenerateAsync(request, cancellationToken))
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
                    report?.Invoke(AnswerFitting.Preview(site, answer.Text));
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
