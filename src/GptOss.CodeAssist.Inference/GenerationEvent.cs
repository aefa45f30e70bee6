namespace GptOss.CodeAssist.Inference;

/// <summary>What an engine reports while it works on a request: a closed family.</summary>
public abstract record GenerationEvent
{
    private GenerationEvent()
    {
    }

    /// <summary>Part of the prompt has been evaluated. The first event of every answer is one of these, sent before any evaluation: it tells what was reused.</summary>
    /// <param name="EvaluatedTokens">Prompt tokens in the cache now, reused ones included.</param>
    /// <param name="PromptTokens">Tokens of the whole prompt.</param>
    public sealed record PrefillProgress(int EvaluatedTokens, int PromptTokens) : GenerationEvent;

    /// <summary>The model said one more token.</summary>
    /// <param name="Id">The token's number in the model's vocabulary; -1 where a server does not say.</param>
    /// <param name="Text">
    /// The text that became certain with this token: empty while a UTF-8 sequence is incomplete or a stop string may be beginning,
    /// and for special tokens. All texts in order are the answer.
    /// </param>
    /// <param name="Special">The special token's text, for instance <c>&lt;|channel|&gt;</c>; null for ordinary tokens.</param>
    /// <param name="LogProbability">Natural logarithm of the token's probability before sampling options and constraints; NaN where unknown.</param>
    public sealed record Token(int Id, string Text, string? Special, float LogProbability) : GenerationEvent;

    /// <summary>The last event.</summary>
    public sealed record Finished(FinishReason Reason, GenerationUsage Usage) : GenerationEvent
    {
        /// <summary>Text that was held back when the answer ended (an unfinished stop string); belongs to the answer.</summary>
        public string RemainingText { get; init; } = "";

        /// <summary>The stop token or stop string that ended the answer; null where neither did.</summary>
        public string? StoppedBy { get; init; }
    }
}
