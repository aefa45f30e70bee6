using System.Buffers;
using System.Collections.Immutable;
using System.Text;
using System.Text.Unicode;
using GptOss.CodeAssist.Inference.Llama.Native;

namespace GptOss.CodeAssist.Inference.Llama.Vocabulary;

/// <summary>A model's tokens: text to tokens, tokens to bytes, special tokens by their text.</summary>
/// <remarks>
/// Immutable but for a cache; any thread may call it.
/// Invariant: <see cref="Tokenize(string, List{int})"/> never yields a special token, whatever the text spells.
/// </remarks>
internal sealed class LlamaVocabulary
{
    /// <summary>Longest piece of a line, in UTF-16 units, that is not cut further where that can be done.</summary>
    private const int LongLine = 192;

    /// <summary>
    /// Longest run, in UTF-16 units, that llama.cpp is given to cut into words. Its std::regex recurses once a character:
    /// a word or run of blanks of 50,000 overflows an 8 MB stack and ends the process, and threads may have a sixth of that.
    /// </summary>
    private const int MaxChunkLength = 1024;

    private const int MaxCachedChunks = 16_384;

    /// <summary>Words are rarely more than this many tokens; looking further back only costs evaluation.</summary>
    private const int MaxHealedTokens = 4;

    private const int MaxHealedBytes = 64;

    private readonly LlamaModelHandle _model;
    private readonly byte[] _bytes;
    private readonly int[] _offsets;
    private readonly Dictionary<int, string> _specialTexts = [];
    private readonly Dictionary<string, int> _specialIds = new(StringComparer.Ordinal);
    private readonly HashSet<int> _endOfGeneration = [];
    private readonly int[] _endOfGenerationTokens;
    private readonly string?[] _texts;
    private readonly SearchValues<string> _literals;
    private readonly bool _canChunk;
    private readonly bool _mustCutLongRuns;
    private readonly Dictionary<string, int[]> _chunks = new(StringComparer.Ordinal);
    private readonly Lock _chunksGate = new();
    private readonly Lazy<TokenTrie> _trie;

    public LlamaVocabulary(LlamaModelHandle model)
    {
        _model = model;
        Count = model.VocabularySize;
        _offsets = new int[Count + 1];
        var bytes = new ArrayBufferWriter<byte>(Count * 8);
        var literals = new List<string>();
        for (var token = 0; token < Count; token++)
        {
            var attributes = model.GetTokenAttributes(token);
            if ((attributes & (TokenAttributes.Control | TokenAttributes.UserDefined | TokenAttributes.Unknown)) != 0)
            {
                var text = model.GetTokenText(token);
                _specialTexts[token] = text;
                _specialIds.TryAdd(text, token);

                // A user-defined run of blanks is ordinary text to those vocabularies that have one.
                if (attributes.HasFlag(TokenAttributes.UserDefined) && text.Length > 1 && !string.IsNullOrWhiteSpace(text))
                {
                    literals.Add(text);
                }
            }

            if (model.IsEndOfGeneration(token))
            {
                _endOfGeneration.Add(token);
            }

            bytes.Write(model.GetTokenBytes(token));
            _offsets[token + 1] = bytes.WrittenCount;
        }

        _bytes = bytes.WrittenSpan.ToArray();
        _endOfGenerationTokens = [.. _endOfGeneration];
        _texts = new string?[Count];
        _literals = SearchValues.Create([.. literals], StringComparison.Ordinal);
        _canChunk = model.FindMetadata("tokenizer.ggml.pre") is "gpt-4o" && literals.TrueForAll(literal => !literal.Any(char.IsWhiteSpace));

        // Byte-level vocabularies only: others put a blank before every piece, and cut no words by regular expressions.
        _mustCutLongRuns = model.FindMetadata("tokenizer.ggml.model") is "gpt2";
        _trie = new Lazy<TokenTrie>(() => new TokenTrie(this));
    }

    /// <summary>Number of tokens.</summary>
    public int Count { get; }

    /// <summary>The ordinary tokens by their bytes; built on first use.</summary>
    public TokenTrie Trie => _trie.Value;

    public ImmutableHashSet<string> SpecialTokens => [.. _specialIds.Keys];

    public ReadOnlySpan<int> EndOfGenerationTokens => _endOfGenerationTokens;

    /// <summary>The bytes of an ordinary token, the UTF-8 text of a special one.</summary>
    public ReadOnlySpan<byte> GetBytes(int token) => _bytes.AsSpan(_offsets[token].._offsets[token + 1]);

    /// <summary>An ordinary token's text, the same instance every time; null where its bytes are no whole characters.</summary>
    public string? FindText(int token)
    {
        // Two threads may make the same text; either will do.
        var text = _texts[token];
        return text is null && Utf8.IsValid(GetBytes(token)) ? _texts[token] = Encoding.UTF8.GetString(GetBytes(token)) : text;
    }

    /// <summary>The special token's text, or null for an ordinary token.</summary>
    public string? FindSpecialText(int token) => _specialTexts.GetValueOrDefault(token);

    public int? FindSpecial(string text) => _specialIds.TryGetValue(text, out var token) ? token : null;

    public bool IsEndOfGeneration(int token) => _endOfGeneration.Contains(token);

    /// <summary>The tokens of a prompt.</summary>
    /// <exception cref="InferenceException">The prompt names a special token that this model lacks.</exception>
    public List<int> Tokenize(ImmutableArray<PromptPart> prompt)
    {
        var tokens = new List<int>();
        foreach (var part in prompt)
        {
            switch (part)
            {
                case PromptPart.Special special:
                    tokens.Add(FindSpecial(special.Name)
                        ?? throw new InferenceException(InferenceError.Unsupported, $"This model has no token {special.Name}; the prompt was written for another kind of model."));
                    break;
                case PromptPart.Text text:
                    Tokenize(text.Value, tokens);
                    break;
            }
        }

        return tokens;
    }

    /// <summary>Appends the tokens of ordinary text.</summary>
    public void Tokenize(string text, List<int> tokens)
    {
        var rest = text.AsSpan();
        while (!rest.IsEmpty)
        {
            var length = _canChunk ? FindChunkLength(rest) : rest.Length;
            length = _mustCutLongRuns && length > MaxChunkLength ? FindCut(rest) : length;
            tokens.AddRange(TokenizeChunk(rest[..length]));
            rest = rest[length..];
        }
    }

    /// <summary>
    /// How many tokens at the end of <paramref name="tokens"/> a model would likely have written differently, had it seen what comes next:
    /// the longest tail whose bytes are the beginning of a longer token.
    /// </summary>
    public int CountHealable(ReadOnlySpan<int> tokens)
    {
        Span<byte> bytes = stackalloc byte[MaxHealedBytes];
        var (start, healable) = (MaxHealedBytes, 0);
        for (var count = 1; count <= Math.Min(MaxHealedTokens, tokens.Length); count++)
        {
            var token = tokens[^count];
            var piece = GetBytes(token);
            if (FindSpecialText(token) is not null || piece.Length > start)
            {
                break;
            }

            start -= piece.Length;
            piece.CopyTo(bytes[start..]);
            if (Trie.HasLonger(bytes[start..]))
            {
                healable = count;
            }
        }

        return healable;
    }

    /// <summary>
    /// The length of a first piece whose tokens do not depend on what follows: a line, or a part of a long one. A line is the same piece
    /// wherever a text begins, so that a window that moves through a file finds most of it known.
    /// </summary>
    private static int FindChunkLength(ReadOnlySpan<char> text)
    {
        for (var i = 1; i < text.Length; i++)
        {
            if ((text[i - 1] == '\n' && BeginsLine(text[i..])) || (i >= LongLine && EndsWord(text, i)))
            {
                return i;
            }
        }

        return text.Length;
    }

    /// <summary>Whether a letter or digit and white space meet, where o200k's pattern always ends one pre-token and begins another.</summary>
    private static bool EndsWord(ReadOnlySpan<char> text, int index) => text[index] is ' ' or '\n' or '\r' && char.IsAsciiLetterOrDigit(text[index - 1]);

    /// <summary>
    /// Whether o200k's pattern ends a pre-token before this text if a line break stands there: <c>\s*[\r\n]+</c> takes white space up to its last
    /// line break, and <c>[^\s\p{L}\p{N}]+[\r\n/]*</c> line breaks and slashes.
    /// </summary>
    private static bool BeginsLine(ReadOnlySpan<char> text) => text[0] != '/' && text.IndexOfAnyExcept(' ', '\t') is >= 0 and var first && text[first] is > ' ' and <= '~';

    /// <summary>The length of a first piece of at most <see cref="MaxChunkLength"/> that ends where words do, or, in a run that has no such place, between two characters.</summary>
    private static int FindCut(ReadOnlySpan<char> text)
    {
        for (var i = MaxChunkLength; i > 1; i--)
        {
            if (EndsWord(text, i))
            {
                return i;
            }
        }

        return char.IsLowSurrogate(text[MaxChunkLength]) ? MaxChunkLength - 1 : MaxChunkLength;
    }

    private int[] TokenizeChunk(ReadOnlySpan<char> chunk)
    {
        lock (_chunksGate)
        {
            if (_chunks.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(chunk, out var cached))
            {
                return cached;
            }
        }

        var tokens = new List<int>();
        var rest = chunk;
        while (true)
        {
            // llama.cpp matches user-defined tokens in any text, and re-types Harmony's markers to such.
            // Cutting inside the literal and tokenising the halves apart keeps them ordinary text.
            var literal = rest.IndexOfAny(_literals);
            var end = literal < 0 ? rest.Length : literal + 1;
            TokenizePiece(rest[..end], tokens);
            if (literal < 0)
            {
                break;
            }

            rest = rest[end..];
        }

        int[] result = [.. tokens];
        lock (_chunksGate)
        {
            if (_chunks.Count >= MaxCachedChunks)
            {
                _chunks.Clear();
            }

            _chunks[chunk.ToString()] = result;
        }

        return result;
    }

    private void TokenizePiece(ReadOnlySpan<char> piece, List<int> tokens)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(Encoding.UTF8.GetMaxByteCount(piece.Length));
        try
        {
            var length = Encoding.UTF8.GetBytes(piece, buffer);
            _model.Tokenize(buffer.AsSpan(0, length), tokens);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
