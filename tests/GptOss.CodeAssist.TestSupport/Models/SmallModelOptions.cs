namespace GptOss.CodeAssist.TestSupport.Models;

/// <summary>Everything that decides a test model's bytes. Equal options, equal file.</summary>
public sealed record SmallModelOptions
{
    /// <summary>The shape of gpt-oss-20b: some 12 GB. For measurements, written once to a file of its own with <see cref="SmallModel.Write"/>.</summary>
    public static SmallModelOptions Gpt20b { get; } = new()
    {
        Name = "random weights in the shape of gpt-oss-20b",
        Layers = 24,
        Width = 2880,
        Heads = 64,
        KeyValueHeads = 8,
        HeadLength = 64,
        Experts = 32,
        ExpertsUsed = 4,
        ExpertWidth = 2880,
        SlidingWindow = 128,
        ContextLength = 131_072,
        FullVocabulary = true,
        FimTokens = false,
    };

    /// <summary>Some 300 MB, all of it read for every token: what larger models cost on most machines, where memory and not arithmetic is the limit. For measurements.</summary>
    public static SmallModelOptions MemoryBound { get; } = new()
    {
        Name = "random weights, read wholly for every token",
        Layers = 8,
        Width = 1536,
        Heads = 24,
        KeyValueHeads = 4,
        HeadLength = 64,
        Experts = 2,
        ExpertsUsed = 2,
        ExpertWidth = 3072,
        ExpertFormat = TensorFormat.Q8,
        SlidingWindow = 128,
        ContextLength = 4096,
    };

    /// <summary>The name in the file's metadata.</summary>
    public string Name { get; init; } = "small gpt-oss";

    /// <summary>Layers; even ones look through the sliding window, odd ones at everything.</summary>
    public int Layers { get; init; } = 2;

    /// <summary>Width of the residual stream, a multiple of 32.</summary>
    public int Width { get; init; } = 64;

    /// <summary>Query heads.</summary>
    public int Heads { get; init; } = 4;

    /// <summary>Key/value heads, a divisor of <see cref="Heads"/>.</summary>
    public int KeyValueHeads { get; init; } = 2;

    /// <summary>Elements of one head, a multiple of 32.</summary>
    public int HeadLength { get; init; } = 32;

    /// <summary>Experts a layer.</summary>
    public int Experts { get; init; } = 4;

    /// <summary>Experts that each token uses.</summary>
    public int ExpertsUsed { get; init; } = 2;

    /// <summary>Width of one expert, a multiple of 32.</summary>
    public int ExpertWidth { get; init; } = 64;

    /// <summary>How expert matrices are stored; gpt-oss's own are MXFP4.</summary>
    public TensorFormat ExpertFormat { get; init; } = TensorFormat.Mxfp4;

    /// <summary>Tokens that a sliding-window layer sees.</summary>
    public int SlidingWindow { get; init; } = 32;

    /// <summary>Tokens of context.</summary>
    public int ContextLength { get; init; } = 4096;

    /// <summary>Writes the YaRN keys of gpt-oss, with this model's context as 32 times the original one.</summary>
    public bool Yarn { get; init; } = true;

    /// <summary>All 201,088 tokens of gpt-oss instead of a part.</summary>
    public bool FullVocabulary { get; init; }

    /// <summary>How many of o200k's most frequent tokens the part holds; everyday words of prompts and C# are added.</summary>
    public int BaseTokens { get; init; } = 2048;

    /// <summary>Text that the vocabulary shall write with as few tokens as o200k does.</summary>
    public string VocabularyText { get; init; } = "";

    /// <summary>Whether the vocabulary has Harmony's control tokens.</summary>
    public bool HarmonyTokens { get; init; } = true;

    /// <summary>Whether the vocabulary has fill-in-the-middle tokens.</summary>
    public bool FimTokens { get; init; } = true;

    /// <summary><c>codeassist.prompt_style</c>; null writes none.</summary>
    public string? PromptStyle { get; init; }

    /// <summary><c>codeassist.chat</c>; null writes none.</summary>
    public bool? Chat { get; init; }

    /// <summary><c>codeassist.max_prefix_tokens</c>; null writes none.</summary>
    public int? MaxPrefixTokens { get; init; }

    /// <summary><c>codeassist.max_suffix_tokens</c>; null writes none.</summary>
    public int? MaxSuffixTokens { get; init; }

    /// <summary>Another seed, other weights.</summary>
    public int Seed { get; init; } = 1;
}
