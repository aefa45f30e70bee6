using System.Collections.Immutable;

namespace GptOss.CodeAssist.Inference;

/// <summary>What a loaded model is and can do, as its own file says.</summary>
public sealed record ModelDescription
{
    /// <summary>The name for people, from the file's metadata or its file name.</summary>
    public required string Name { get; init; }

    /// <summary>llama.cpp's architecture name, for instance <c>gpt-oss</c>.</summary>
    public required string Architecture { get; init; }

    /// <summary>The prompt that inline completion has to write for this model.</summary>
    public required PromptStyle PromptStyle { get; init; }

    /// <summary>Whether the model follows instructions in conversations.</summary>
    public required bool CanChat { get; init; }

    /// <summary>Why nobody can ask the model to complete code at a caret, one sentence; null where it can be asked.</summary>
    public string? CompletionRefusal { get; init; }

    /// <summary>Why nobody can chat with the model and what to do about it; null where it chats, and where nobody knows better than its name.</summary>
    public string? ChatRefusal { get; init; }

    /// <summary>Tokens that one request may use, prompt and answer together.</summary>
    public required int ContextLength { get; init; }

    /// <summary>Number of tokens in the vocabulary, 0 where a server does not say.</summary>
    public required int VocabularySize { get; init; }

    /// <summary>Number of weights, 0 where unknown.</summary>
    public long ParameterCount { get; init; }

    /// <summary>Size of the weights in bytes, 0 where unknown.</summary>
    public long SizeInBytes { get; init; }

    /// <summary>Most tokens before the caret that the model was trained to use; null where only the context limits.</summary>
    public int? MaxPrefixTokens { get; init; }

    /// <summary>Most tokens after the caret that the model was trained to use; null where only the context limits.</summary>
    public int? MaxSuffixTokens { get; init; }

    /// <summary>The texts of the model's special tokens that prompts may name.</summary>
    public ImmutableHashSet<string> SpecialTokens { get; init; } = [];
}
