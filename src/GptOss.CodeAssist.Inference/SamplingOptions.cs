namespace GptOss.CodeAssist.Inference;

/// <summary>How the next token is chosen from the model's distribution.</summary>
public sealed record SamplingOptions
{
    /// <summary>Always the likeliest token.</summary>
    public static SamplingOptions Greedy { get; } = new() { Temperature = 0 };

    /// <summary>Divides the logits; 0 is greedy. At least 0.</summary>
    public float Temperature { get; init; } = 1;

    /// <summary>Keeps the likeliest tokens whose probabilities add up to this; 1 keeps all.</summary>
    public float TopP { get; init; } = 1;

    /// <summary>Drops tokens less likely than this fraction of the likeliest; 0 keeps all.</summary>
    public float MinP { get; init; }

    /// <summary>Same seed, same prompt, same answer on the same machine; null takes a random one.</summary>
    public uint? Seed { get; init; }
}
