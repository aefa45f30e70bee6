using System.Collections.Immutable;

namespace GptOss.CodeAssist.Inference;

/// <summary>One prompt to evaluate and how to go on from there.</summary>
public sealed record GenerationRequest
{
    /// <summary>The prompt, in order.</summary>
    public required ImmutableArray<PromptPart> Prompt { get; init; }

    /// <summary>The functions that the prompt tells the model of, for engines whose server writes prompts by itself; the others need only the prompt.</summary>
    public ImmutableArray<OfferedFunction> Functions { get; init; } = [];

    /// <summary>Most tokens to generate; 0 evaluates the prompt only (warm-up).</summary>
    public required int MaxTokens { get; init; }

    /// <summary>How the next token is chosen; greedy by default.</summary>
    public SamplingOptions Sampling { get; init; } = SamplingOptions.Greedy;

    /// <summary>Special tokens that end the answer beside the model's own end-of-generation tokens. Names the model lacks are ignored.</summary>
    public ImmutableArray<string> StopTokens { get; init; } = [];

    /// <summary>Texts that end the answer; the text itself is not part of the answer.</summary>
    public ImmutableArray<string> StopStrings { get; init; } = [];

    /// <summary>Whether the model's own end-of-generation tokens are never chosen, so that the answer has exactly <see cref="MaxTokens"/> tokens: for measurements.</summary>
    public bool IgnoreEndOfGeneration { get; init; }

    /// <summary>
    /// The answer is this text, token for token, and the model is only asked how likely it finds each: for scoring a given text, and for measurements.
    /// Constraints, grammar and sampling do not apply; null lets the model choose.
    /// </summary>
    public string? GivenAnswer { get; init; }

    /// <summary>What the answer's bytes may be; null allows everything.</summary>
    public IByteConstraint? Constraint { get; init; }

    /// <summary>A GBNF grammar that the whole answer must follow; null for none.</summary>
    public string? Grammar { get; init; }

    /// <summary>Restricts the answer while it grows; null for none.</summary>
    public IGenerationGuide? Guide { get; init; }

    /// <summary>A token that the model gives at least this probability stands even against the guide; 1 lets none through.</summary>
    public float GuideEscape { get; init; } = 1;

    /// <summary>
    /// Whether the end of the prompt may be re-tokenised with the start of the answer (token healing): the last token or tokens
    /// are dropped and the answer is made to begin with their bytes, which are not reported again. Special tokens after the last text
    /// (<c>&lt;|fim_middle|&gt;</c>) stay where they are: the tokens before them are the ones that are healed.
    /// </summary>
    public bool HealPromptEnd { get; init; }

    /// <summary>Text that the answer is likely to repeat, for prompt-lookup drafting; null drafts nothing.</summary>
    public string? DraftSource { get; init; }

    /// <summary>Who goes first when several requests wait.</summary>
    public RequestPriority Priority { get; init; } = RequestPriority.Completion;

    /// <summary>
    /// Names the conversation or document, so that its cached prompt is kept for the next request of the same key;
    /// null takes whichever cache fits best.
    /// </summary>
    public string? CacheKey { get; init; }
}
