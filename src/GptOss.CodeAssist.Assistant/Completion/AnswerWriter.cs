using System.Runtime.CompilerServices;
using GptOss.CodeAssist.CSharpContext;
using GptOss.CodeAssist.CSharpContext.Gate;
using GptOss.CodeAssist.Inference;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace GptOss.CodeAssist.Assistant.Completion;

/// <summary>Has the model write answers for a caret: prompt, stream, cut, fit, judge, rank.</summary>
/// <remarks>May be called from any thread, for several documents at once.</remarks>
internal sealed class AnswerWriter
{
    /// <summary>Longer files are generated ones, and parsing them would cost more than it saves.</summary>
    private const int MaxParsedCharacters = 500_000;

    /// <summary>Answers of which the model is surer than this are rarely wrong in ways that the gate's quick look misses.</summary>
    private const double Sure = 0.7;

    private readonly IInferenceEngine _engine;
    private readonly CompletionOptions _options;
    private readonly TimeProvider _time;
    private readonly ModelSpeed _speed = new();
    private readonly ParsedDocuments _parsed;
    private readonly PromptWriter _prompts;
    private readonly ICompletionWorkspace _workspace;
    private readonly ConditionalWeakTable<AnswerOrder, Verdicts> _verdicts = [];

    public AnswerWriter(IInferenceEngine engine, CompletionOptions options, TimeProvider time, ICompletionWorkspace workspace)
    {
        (_engine, _options, _time, _workspace) = (engine, options, time, workspace);
        _parsed = new ParsedDocuments(workspace);
        _prompts = new PromptWriter(engine, options, workspace, _speed, time);
    }

    /// <summary>The document at a site's text, parsed; null where it is not C# or too long.</summary>
    public CSharpDocument? Parse(DocumentSnapshot document, CaretSite site, CancellationToken cancellationToken) =>
        document.LanguageId == "csharp" && site.Text.Length <= MaxParsedCharacters ? _parsed.Parse(document, site.Text, cancellationToken) : null;

    /// <param name="report">Told what the model has said so far of the first candidate.</param>
    /// <exception cref="InferenceException">The engine refused or failed.</exception>
    public async Task<WrittenAnswer> WriteAsync(AnswerOrder order, ModelDescription model, Action<string, GenerationUsage>? report, CancellationToken cancellationToken)
    {
        var document = Parse(order.Document, order.Site, cancellationToken);
        PrepareGate(document, order.Site.Offset, cancellationToken);
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

            var verdict = await GenerateAsync(generation with { Sampling = SamplingOf(number) }, document, order, meter, number == 0 ? report : null, cancellationToken);
            if (verdict.Candidate is not { } candidate)
            {
                reason ??= verdict.Refusal;
            }
            else if (!judged.Exists(other => other.Fitted.InsertText == candidate.Fitted.InsertText && other.Fitted.Span == candidate.Fitted.Span))
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
        return new WrittenAnswer([.. ranked], judged.Count > 0 ? null : reason, meter.Total, WasCompiled: document?.Project is not null);
    }

    /// <summary>Looks for related code ahead of <see cref="WriteAsync"/>, which then finds it ready.</summary>
    /// <param name="patience">How long to wait for it.</param>
    public async Task PrepareAsync(AnswerOrder order, ModelDescription model, TimeSpan patience, CancellationToken cancellationToken) =>
        _ = await _prompts.WriteAsync(order, Parse(order.Document, order.Site, cancellationToken), model, patience, cancellationToken);

    /// <summary>
    /// Waits until a document's project is compiled, and goes once through what answering needs beside the model, so that the first keystroke
    /// finds the file's names known to the compiler, and the compiler's own code compiled.
    /// </summary>
    public async Task RehearseAsync(AnswerOrder order, CancellationToken cancellationToken)
    {
        await _workspace.PrepareAsync(order.Document, cancellationToken);
        if (Parse(order.Document, order.Site, cancellationToken) is not { Project: not null } document)
        {
            return;
        }

        CandidateGate.Prepare(document, order.Site.Offset, cancellationToken);
        CandidateGate.PrepareReferences(document, cancellationToken);
        var body = (await document.Tree.GetRootAsync(cancellationToken)).DescendantNodes().OfType<BaseMethodDeclarationSyntax>().FirstOrDefault(method => method.Body is not null)?.Body;
        if (body is not null)
        {
            var site = CaretSite.At(document.Text, body.OpenBraceToken.Span.End);
            _ = new MemberGuide(document, site).FindConstraint(" _ = 1.ToString().");
            _ = Judge(new FittedAnswer(" _ = 1.ToString().Length;", new TextSpan(site.Offset, 0)), mayBeHeader: false, 1, document, order with { Site = site }, cancellationToken);
        }
    }

    /// <summary>What is worth showing of an answer that is still being written: its whole lines, or what is whole of its only one; null where there is nothing yet.</summary>
    /// <param name="said">What the model said so far.</param>
    public async Task<JudgedCandidate?> FindPartialAsync(AnswerOrder order, string said, CancellationToken cancellationToken)
    {
        var hasLines = order.Site.MayHaveSeveralLines;
        var end = hasLines ? said.LastIndexOf('\n') : said.AsSpan().LastIndexOfAny(";)]}") + 1;
        if (end <= 0 || string.IsNullOrWhiteSpace(said[..end]))
        {
            return null;
        }

        var whole = new GrowingAnswer(order.Site, _options.MaxLines);
        whole.Add(said[..end]);
        whole.End(stoppedByItself: true);
        var candidate = (await JudgeAsync(whole.Decided, whole.Confidence, Parse(order.Document, order.Site, cancellationToken), order, cancellationToken)).Candidate;
        // A line that the compiler had to close is not whole yet: the model is about to say how it goes on.
        return hasLines || candidate is { IsWhole: true } ? candidate : null;
    }

    /// <summary>Reads what a completion here would need, and has the model evaluate its prompt, so that the first keystroke finds both ready.</summary>
    /// <param name="isCaretKnown">Whether the order's caret is where somebody types; where not, the model reads only what all prompts begin with.</param>
    public async Task WarmUpAsync(AnswerOrder order, ModelDescription model, bool isCaretKnown, CancellationToken cancellationToken)
    {
        var request = isCaretKnown
            ? await _prompts.WriteAsync(order, Parse(order.Document, order.Site, cancellationToken), model, TimeSpan.FromSeconds(1), cancellationToken)
            : new GenerationRequest { Prompt = CompletionPrompt.Beginning(model.PromptStyle), MaxTokens = 0, CacheKey = order.Document.Path };
        if (request.Prompt.IsEmpty)
        {
            return;
        }

        await foreach (var _ in _engine.GenerateAsync(request with { MaxTokens = 0, Guide = null, Priority = RequestPriority.WarmUp }, cancellationToken))
        {
            // Only the cache is wanted.
        }
    }

    /// <summary>While the model reads its prompt the compiler reads the code around the caret.</summary>
    private void PrepareGate(CSharpDocument? document, int caret, CancellationToken cancellationToken)
    {
        if (_options.Gate && document?.Project is not null)
        {
            // What goes wrong here goes wrong again where it is waited for, or is not needed any more.
            _ = Task.Run(() => CandidateGate.Prepare(document, caret, cancellationToken), cancellationToken).ContinueWith(static task => task.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
        }
    }

    private async Task<Verdict> JudgeAsync(DecidedText answer, double confidence, CSharpDocument? document, AnswerOrder order, CancellationToken cancellationToken) =>
        AnswerFitting.Fit(order.Site, answer, order.MayReplace, out var why) is { } fitted
            ? await VerdictsOf(order, document, cancellationToken).GetAsync(fitted, order.WasAsked && answer.EndedWithLineBreak, confidence)
            : new Verdict(null, why.Length > 0 ? EmptyReasons.Filtered(why) : EmptyReasons.NothingGenerated);

    private Verdicts VerdictsOf(AnswerOrder order, CSharpDocument? document, CancellationToken cancellationToken) =>
        _verdicts.GetValue(order, _ => new Verdicts((fitted, mayBeHeader, confidence) => Judge(fitted, mayBeHeader, confidence, document, order, cancellationToken)));

    private Verdict Judge(FittedAnswer fitted, bool mayBeHeader, double confidence, CSharpDocument? document, AnswerOrder order, CancellationToken cancellationToken)
    {
        if (!_options.Gate)
        {
            return new Verdict(new JudgedCandidate(fitted, IsWhole: true, confidence), null);
        }

        var verdict = CandidateJudge.Judge(order, document, fitted, mayBeHeader, confidence, cancellationToken);
        // What needs an import was looked at with it.
        var error = verdict.Candidate is { Fitted: { Usings.IsEmpty: true } shown } && document is not null && !order.WasAsked
            ? CandidateGate.FindError(document, CandidateJudge.CandidateOf(shown), isLikelyRight: confidence > Sure, cancellationToken)
            : null;
        return error is null ? verdict : verdict with { Candidate = null, Refusal = EmptyReasons.Gate(error) };
    }

    /// <summary>Streams one answer and stops the model the moment it is decided: by the answer's own end, or by what the compiler says of its beginning.</summary>
    private async Task<Verdict> GenerateAsync(GenerationRequest request, CSharpDocument? document, AnswerOrder order, UsageMeter meter, Action<string, GenerationUsage>? report, CancellationToken cancellationToken)
    {
        var answer = new GrowingAnswer(order.Site, _options.MaxLines);
        var verdicts = VerdictsOf(order, document, cancellationToken);
        using var ending = new EndingVerdict(cancellationToken);
        meter.Begin();
        try
        {
            await foreach (var happened in _engine.GenerateAsync(request, ending.Stopping))
            {
                meter.Take(happened);
                Take(happened);
                if (document is not null && (answer.IsDecided ? answer.Decided : answer.Supposed) is { } supposed && AnswerFitting.Fit(order.Site, supposed, order.MayReplace, out _) is { } fitted)
                {
                    verdicts.Suppose(fitted, order.WasAsked && supposed.EndedWithLineBreak, answer.Confidence, ending.Hear);
                }

                if (answer.IsDecided)
                {
                    // Stopping the model takes its time too.
                    break;
                }

                (request.Guide as MemberGuide)?.Begin(answer.Text);
            }
        }
        catch (OperationCanceledException) when (ending.Verdict is not null && !cancellationToken.IsCancellationRequested)
        {
            // The rest of the answer is not wanted.
        }

        meter.End();
        if (answer.Refusal is null && !string.IsNullOrWhiteSpace(answer.Text) && answer.Confidence < order.MinConfidence)
        {
            return new Verdict(null, EmptyReasons.NotSureEnough(answer.Confidence, order.MinConfidence));
        }

        var verdict = (answer.IsDecided ? null : ending.Verdict) ?? await JudgeAsync(answer.Decided, answer.Confidence, document, order, cancellationToken);
        return verdict.Candidate is { } candidate ? verdict with { Candidate = candidate with { Confidence = answer.Confidence } } : verdict;

        void Take(GenerationEvent happened)
        {
            if (happened is GenerationEvent.Token { Special: null } token)
            {
                answer.Add(token.Text, token.LogProbability);
                report?.Invoke(answer.Text, meter.Current);
            }
            else if (happened is GenerationEvent.Token)
            {
                // A control token in the middle of code is a model that lost its way.
                answer.End(stoppedByItself: true);
            }
            else if (happened is GenerationEvent.Finished finished)
            {
                answer.Add(finished.RemainingText);
                answer.End(finished.Reason is not (FinishReason.TokenLimit or FinishReason.ContextFull));
            }
        }
    }

    /// <summary>The first candidate is the model's likeliest text; further ones are sampled, with fixed seeds so that asking again gives the same.</summary>
    private static SamplingOptions SamplingOf(int number) => number == 0
        ? SamplingOptions.Greedy
        : new SamplingOptions { Temperature = 0.6f, TopP = 0.95f, MinP = 0.05f, Seed = (uint)number };
}
