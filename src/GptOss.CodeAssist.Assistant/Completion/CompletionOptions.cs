namespace GptOss.CodeAssist.Assistant.Completion;

/// <summary>How much inline completion reads and writes.</summary>
public sealed record CompletionOptions
{
    public static CompletionOptions Default { get; } = new();

    /// <summary>Largest document that is completed, in UTF-16 units.</summary>
    public long MaxDocumentCharacters { get; init; } = 4_000_000;

    /// <summary>Most tokens before the caret, where the model itself names no limit.</summary>
    public int MaxPrefixTokens { get; init; } = 1536;

    /// <summary>Most tokens after the caret, where the model itself names no limit.</summary>
    public int MaxSuffixTokens { get; init; } = 512;

    /// <summary>Most tokens of an answer that stays on the caret's line.</summary>
    public int MaxLineTokens { get; init; } = 48;

    /// <summary>Most tokens of an answer that may have several lines.</summary>
    public int MaxBlockTokens { get; init; } = 128;

    /// <summary>Most lines of an answer.</summary>
    public int MaxLines { get; init; } = 12;

    /// <summary>
    /// Least geometric mean of an answer's token probabilities that is shown to a person who did not ask, between 0 and 1; 0 shows everything.
    /// </summary>
    public double MinConfidence { get; init; }

    /// <summary>Whether the least confidence grows for a person who rarely takes what is shown.</summary>
    public bool Adapt { get; init; } = true;

    /// <summary>Whether the compiler's parser, and its binder where a project is loaded, decide how much of an answer is shown.</summary>
    public bool Gate { get; init; } = true;

    /// <summary>Whether the model may write the last token before the caret anew, so that a caret inside a word is no border to it.</summary>
    public bool Healing { get; init; } = true;

    /// <summary>Whether the prompt tells of related code elsewhere in the project.</summary>
    public bool Context { get; init; } = true;

    /// <summary>Most tokens of related code, where the model has room for them.</summary>
    public int MaxRelatedTokens { get; init; } = 768;

    /// <summary>How long a prompt waits for related code that is still being looked for.</summary>
    public TimeSpan ContextPatience { get; init; } = TimeSpan.FromMilliseconds(8);

    /// <summary>Whether the model may use only names that exist, where the compiler can list them.</summary>
    public bool Guidance { get; init; } = true;

    /// <summary>Least probability, between 0 and 1, with which the model may insist on a name that does not exist yet; 1 never lets it.</summary>
    public float GuidanceEscape { get; init; } = 0.9f;

    /// <summary>Whether a Harmony prompt holds an empty analysis message before the answer.</summary>
    public bool EmptyAnalysis { get; init; }

    /// <summary>Whether a model is asked only when a burst of keys seems to be over.</summary>
    public bool Debounce { get; init; } = true;

    /// <summary>How long a typing person waits for an answer before what is whole of it is shown; the rest is kept for later.</summary>
    public TimeSpan ShowWithin { get; init; } = TimeSpan.FromMilliseconds(700);

    /// <summary>How long a typing person's request waits for the model; what is being written then goes on, for the next request.</summary>
    public TimeSpan GiveUpAfter { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>Whether what would be shown after taking a suggestion is computed while the person reads it.</summary>
    public bool Prefetch { get; init; } = true;

    /// <summary>Candidates for a person who asked.</summary>
    public int InvokedCandidates { get; init; } = 3;

    /// <summary>How long a person who asked waits for further candidates after the first.</summary>
    public TimeSpan FurtherCandidatesTime { get; init; } = TimeSpan.FromSeconds(1.5);
}
