using System.Collections.Frozen;
using System.Text;
using GptOss.CodeAssist.Harmony;
using Microsoft.ML.Tokenizers;

namespace GptOss.CodeAssist.Inference.OpenAi.Vocabularies;

/// <summary>The vocabulary of gpt-oss-20b and gpt-oss-120b, in this process: no journey to the server before each prompt.</summary>
internal sealed class HarmonyVocabulary : IServedVocabulary
{
    private const int FirstSpecial = 199_998;
    private const int MaxKept = 256;
    private const int MinKeptLength = 64;

    private static readonly FrozenDictionary<string, int> Specials = HarmonyTokenIds.O200kHarmony.Names.ToFrozenDictionary(pair => pair.Value, pair => pair.Key, StringComparer.Ordinal);

    private readonly TiktokenTokenizer _tokenizer = TiktokenTokenizer.CreateForEncoding("o200k_base");
    private readonly Dictionary<string, IReadOnlyList<ServedToken>> _kept = new(StringComparer.Ordinal);
    private readonly Lock _lock = new();

    public int Size => 201_088;

    public IReadOnlyCollection<string> SpecialTokens => Specials.Keys;

    public int? FindSpecial(string name) => Specials.TryGetValue(name, out var token) ? token : null;

    public string? FindSpecialName(int token) =>
        token < FirstSpecial ? null : HarmonyTokenIds.O200kHarmony.Names.GetValueOrDefault(token) ?? $"<|reserved_{token}|>";

    public ValueTask<IReadOnlyList<ServedToken>> TokenizeAsync(string text, CancellationToken cancellationToken) => new(Tokenize(text));

    public int Count(string text) => Tokenize(text).Count;

    /// <summary>Prompts of successive keystrokes share all of their texts but the last, so that these are kept.</summary>
    private IReadOnlyList<ServedToken> Tokenize(string text)
    {
        lock (_lock)
        {
            if (_kept.TryGetValue(text, out var kept))
            {
                return kept;
            }
        }

        var tokens = new List<ServedToken>();
        foreach (var piece in OrdinaryText.Cut(text))
        {
            Append(piece, tokens);
        }

        if (text.Length >= MinKeptLength)
        {
            lock (_lock)
            {
                if (_kept.Count >= MaxKept)
                {
                    _kept.Clear();
                }

                _kept[text] = tokens;
            }
        }

        return tokens;
    }

    private void Append(string piece, List<ServedToken> tokens)
    {
        foreach (var token in _tokenizer.EncodeToTokens(piece, out _, considerNormalization: false))
        {
            if (token.Id >= FirstSpecial)
            {
                throw new InferenceException(InferenceError.Unsupported, "The text holds a marker that could not be kept ordinary; the prompt was not sent.");
            }

            // Beyond ASCII a token may be a part of a character.
            var text = piece[token.Offset];
            tokens.Add(new ServedToken(token.Id, text.Length > 0 && Ascii.IsValid(text) ? text : null));
        }
    }
}
