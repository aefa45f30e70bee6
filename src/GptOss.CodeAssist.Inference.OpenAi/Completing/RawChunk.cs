namespace GptOss.CodeAssist.Inference.OpenAi.Completing;

/// <summary>What one event of a raw completion says.</summary>
internal sealed record RawChunk
{
    public string Text { get; init; } = "";

    /// <summary>The tokens behind <see cref="Text"/>; a token that is a part of a character may be missing.</summary>
    public int[] Ids { get; init; } = [];

    /// <summary>Natural logarithms of the tokens' probabilities, one for each of <see cref="Ids"/>; empty where the server does not say.</summary>
    public float[] LogProbabilities { get; init; } = [];

    /// <summary>Tokens of the prompt in the server's cache by now; null where the event does not say.</summary>
    public int? EvaluatedTokens { get; init; }

    /// <summary>Whether the answer is whole.</summary>
    public bool IsEnd { get; init; }

    /// <summary>Whether it ended because of the limit on its length.</summary>
    public bool IsCut { get; init; }

    /// <summary>Prompt tokens that were in the server's cache before; null where the event does not say.</summary>
    public int? ReusedTokens { get; init; }

    /// <summary>Tokens of the answer; null where the event does not say.</summary>
    public int? GeneratedTokens { get; init; }
}
