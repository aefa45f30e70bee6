using GptOss.CodeAssist.CSharpContext;
using GptOss.CodeAssist.Inference;

namespace GptOss.CodeAssist.Assistant.Completion;

/// <summary>Writes the request for a caret: how much of the file and of the code around it the model sees, and what it may say.</summary>
/// <remarks>May be called from any thread, for several documents at once.</remarks>
internal sealed class PromptWriter(IInferenceEngine engine, CompletionOptions options, ICompletionWorkspace workspace, ModelSpeed speed, TimeProvider time)
{
    /// <summary>Harmony's frame takes some of the context too.</summary>
    private const int HarmonyTokens = 256;

    /// <summary>So do the special tokens and the file's name.</summary>
    private const int FrameTokens = 40;

    /// <summary>Related code is at most so much of the code before the caret, as in the starter model's training.</summary>
    private const double RelatedShare = 1 / 3.0;

    private readonly PromptWindows _windows = new(engine);
    private readonly RelatedContexts _related = new(engine, workspace, time);

    /// <param name="document">The document parsed; null where it is not C#.</param>
    /// <param name="patience">How long to wait for related code that is still being looked for.</param>
    public async ValueTask<GenerationRequest> WriteAsync(AnswerOrder order, CSharpDocument? document, ModelDescription model, TimeSpan patience, CancellationToken cancellationToken)
    {
        var site = order.Site;
        var maxAnswer = speed.LimitAnswer(site.MayHaveSeveralLines ? options.MaxBlockTokens : options.MaxLineTokens);
        var budget = FindBudget(model, hasRelated: document?.Project is not null || order.Document.LanguageId != "csharp");
        // While related code is looked for, tokens are counted.
        var search = budget.Related == 0
            ? new ValueTask<RelatedContext>(RelatedContext.None)
            : _related.TakeAsync(order.Document, document, site, budget.Related, model.PromptStyle, patience, cancellationToken);
        var name = workspace.NameOf(order.Document);
        var window = await _windows.TakeAsync(order.Document.Path, site, budget.Prefix, budget.Suffix, cancellationToken);
        var related = await search;
        return new GenerationRequest
        {
            Prompt = CompletionPrompt.Write(model.PromptStyle, window with { FileName = name, Related = related.Text }, order.Document.LanguageId, options.EmptyAnalysis),
            MaxTokens = maxAnswer,
            StopTokens = CompletionPrompt.StopTokens(model.PromptStyle),
            HealPromptEnd = options.Healing,
            Guide = options.Guidance && document?.Project is not null ? new MemberGuide(document, site) : null,
            GuideEscape = options.GuidanceEscape,
            CacheKey = order.Document.Path,
            Priority = order.Priority,
        };
    }

    /// <summary>Tokens for the text before the caret, after it, and for related code. They depend on the file and the machine only, so that a keystroke changes none.</summary>
    private Budget FindBudget(ModelDescription model, bool hasRelated)
    {
        var room = Math.Max(64, model.ContextLength - options.MaxBlockTokens - (model.PromptStyle == PromptStyle.Harmony ? HarmonyTokens : FrameTokens));
        var maxSuffix = Math.Min(model.MaxSuffixTokens ?? options.MaxSuffixTokens, room / 3);
        var maxPrefix = Math.Min(model.MaxPrefixTokens ?? options.MaxPrefixTokens, room - maxSuffix);
        var forRelated = !options.Context || !hasRelated ? 0 : (int)Math.Min(Math.Min(options.MaxRelatedTokens, room - maxSuffix - maxPrefix), maxPrefix * RelatedShare);
        var whole = maxPrefix + maxSuffix + forRelated;
        return new Budget(speed.LimitPrompt(maxPrefix, whole), speed.LimitPrompt(maxSuffix, whole), forRelated == 0 ? 0 : speed.LimitPrompt(forRelated, whole));
    }

    private sealed record Budget(int Prefix, int Suffix, int Related);
}
