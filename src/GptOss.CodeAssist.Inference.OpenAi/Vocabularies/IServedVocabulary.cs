namespace GptOss.CodeAssist.Inference.OpenAi.Vocabularies;

/// <summary>The tokens of a server's model. Prompts go to servers as token numbers only, because as text every marker in it would be obeyed.</summary>
/// <remarks>Invariant: <see cref="TokenizeAsync"/> never yields a special token, whatever the text spells.</remarks>
internal interface IServedVocabulary
{
    /// <summary>Number of tokens; 0 where nobody says.</summary>
    int Size { get; }

    /// <summary>The special tokens that are known by name.</summary>
    IReadOnlyCollection<string> SpecialTokens { get; }

    /// <summary>The special token's number; null where the model lacks it.</summary>
    int? FindSpecial(string name);

    /// <summary>The special token's name; null for an ordinary token.</summary>
    string? FindSpecialName(int token);

    /// <summary>The tokens of ordinary text.</summary>
    ValueTask<IReadOnlyList<ServedToken>> TokenizeAsync(string text, CancellationToken cancellationToken);

    /// <summary>How many tokens ordinary text has, or about how many where asking would cost a journey.</summary>
    int Count(string text);
}
