using GptOss.CodeAssist.Inference.Llama.Vocabulary;

namespace GptOss.CodeAssist.Inference.Llama.Sampling;

/// <summary>The tokens that a constraint allows next: ranges of the trie's order, and whether the answer may end.</summary>
/// <remarks>One instance is filled again for every token.</remarks>
internal sealed class AllowedTokens(LlamaVocabulary vocabulary)
{
    private readonly List<Range> _ranges = [];
    private bool _mayEnd;

    public bool IsEmpty => _ranges.Count == 0 && !_mayEnd;

    public void Fill(IByteConstraint constraint, int state)
    {
        vocabulary.Trie.FindAllowed(constraint, state, _ranges);
        _mayEnd = state == IByteConstraint.Free || constraint.MayEnd(state);
    }

    /// <summary>Writes the allowed tokens to <paramref name="tokens"/>, which holds a whole vocabulary, and returns how many they are.</summary>
    public int CopyTo(Span<int> tokens)
    {
        var count = 0;
        foreach (var range in _ranges)
        {
            var part = vocabulary.Trie.Tokens[range];
            part.CopyTo(tokens[count..]);
            count += part.Length;
        }

        if (_mayEnd)
        {
            foreach (var token in vocabulary.EndOfGenerationTokens)
            {
                tokens[count++] = token;
            }
        }

        return count;
    }
}
