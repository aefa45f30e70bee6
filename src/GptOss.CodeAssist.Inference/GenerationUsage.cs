namespace GptOss.CodeAssist.Inference;

/// <summary>What one request cost.</summary>
public sealed record GenerationUsage
{
    /// <summary>Tokens of the prompt.</summary>
    public required int PromptTokens { get; init; }

    /// <summary>Prompt tokens that were in the cache already.</summary>
    public required int ReusedTokens { get; init; }

    /// <summary>Prompt tokens that were evaluated for this request.</summary>
    public int EvaluatedTokens => PromptTokens - ReusedTokens;

    /// <summary>Tokens of the answer.</summary>
    public required int GeneratedTokens { get; init; }

    /// <summary>Tokens that drafting proposed.</summary>
    public int DraftedTokens { get; init; }

    /// <summary>Drafted tokens that the model agreed with.</summary>
    public int AcceptedTokens { get; init; }

    /// <summary>From arrival to the first work on it.</summary>
    public TimeSpan Queued { get; init; }

    /// <summary>Evaluating the prompt.</summary>
    public TimeSpan Prefill { get; init; }

    /// <summary>From arrival to the first token.</summary>
    public TimeSpan FirstToken { get; init; }

    /// <summary>From the first token to the last.</summary>
    public TimeSpan Decode { get; init; }
}
