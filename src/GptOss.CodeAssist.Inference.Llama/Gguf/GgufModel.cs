using System.Collections.Immutable;

namespace GptOss.CodeAssist.Inference.Llama.Gguf;

/// <summary>What a model file, or all parts of a split one, says about the model: enough to describe it, size it and refuse it without loading it.</summary>
/// <remarks>Key names are llama.cpp's (src/llama-arch.cpp), with the architecture in place of <c>%s</c>.</remarks>
public sealed record GgufModel
{
    /// <summary>Every file of the model, the one that was named first.</summary>
    public required ImmutableArray<GgufFile> Files { get; init; }

    /// <summary>The name for people: <c>general.name</c>, or the file's.</summary>
    public required string Name { get; init; }

    /// <summary>llama.cpp's name for the architecture, for instance <c>gpt-oss</c>.</summary>
    public required string Architecture { get; init; }

    /// <summary>The prompt that inline completion has to write for this model.</summary>
    public required PromptStyle PromptStyle { get; init; }

    /// <summary>Whether the model follows instructions in conversations.</summary>
    public required bool CanChat { get; init; }

    /// <summary>Tokens before the caret that the model was trained to use; null where only the context limits.</summary>
    public required int? MaxPrefixTokens { get; init; }

    /// <summary>Tokens after the caret that the model was trained to use; null where only the context limits.</summary>
    public required int? MaxSuffixTokens { get; init; }

    /// <summary>Tokens of context that the model was trained for.</summary>
    public required int ContextLength { get; init; }

    /// <summary>Number of tokens in the vocabulary.</summary>
    public required int VocabularySize { get; init; }

    /// <summary>Texts of the special tokens that prompts may name.</summary>
    public required ImmutableHashSet<string> SpecialTokens { get; init; }

    /// <summary>Number of transformer layers.</summary>
    public required int BlockCount { get; init; }

    /// <summary>Width of the residual stream.</summary>
    public required int EmbeddingLength { get; init; }

    /// <summary>Query heads of the first layer.</summary>
    public required int HeadCount { get; init; }

    /// <summary>Key/value heads of every layer; 0 where a layer has no attention.</summary>
    public required ImmutableArray<int> KeyValueHeadCounts { get; init; }

    /// <summary>Elements of one head's key.</summary>
    public required int KeyLength { get; init; }

    /// <summary>Elements of one head's value.</summary>
    public required int ValueLength { get; init; }

    /// <summary>Tokens that a sliding-window layer sees; 0 where the model has no such layers.</summary>
    public required int SlidingWindow { get; init; }

    /// <summary>Whether each layer looks through the sliding window. All false for an architecture whose pattern is not known here.</summary>
    public required ImmutableArray<bool> SlidingWindowLayers { get; init; }

    /// <summary>Experts a layer; 0 for a dense model.</summary>
    public required int ExpertCount { get; init; }

    /// <summary>Experts that each token uses.</summary>
    public required int ExpertUsedCount { get; init; }

    /// <summary>All tensors of all files.</summary>
    public IEnumerable<GgufTensor> Tensors => Files.SelectMany(file => file.Tensors);

    /// <summary>Number of weights.</summary>
    public long ParameterCount => Tensors.Sum(tensor => tensor.Elements);

    /// <summary>Bytes of weights.</summary>
    public long WeightBytes => Tensors.Sum(tensor => tensor.Bytes);

    /// <summary>Reads the headers of the model at <paramref name="path"/> (the first part of a split one) and checks all that would make llama.cpp end the process.</summary>
    /// <exception cref="InferenceException">There is no such model, or it cannot be run; the message says why, and what to do.</exception>
    public static GgufModel Read(string path) => GgufModelReader.Read(path);

    /// <summary>The engine's description of this model.</summary>
    /// <param name="contextLength">Tokens that one request may use, as the engine has set itself up.</param>
    public ModelDescription Describe(int contextLength) => new()
    {
        Name = Name,
        Architecture = Architecture,
        PromptStyle = PromptStyle,
        CanChat = CanChat,
        ContextLength = contextLength,
        VocabularySize = VocabularySize,
        ParameterCount = ParameterCount,
        SizeInBytes = WeightBytes,
        MaxPrefixTokens = MaxPrefixTokens,
        MaxSuffixTokens = MaxSuffixTokens,
        SpecialTokens = SpecialTokens,
    };
}
