using System.Text.RegularExpressions;
using Microsoft.ML.Tokenizers;

namespace GptOss.CodeAssist.StarterModel;

/// <summary>Cuts text into the tokens of a written <see cref="PrunedVocabulary"/>.</summary>
internal sealed partial class PrunedTokenizer
{
    private readonly TiktokenTokenizer _tokenizer;

    private PrunedTokenizer(IReadOnlyList<byte[]> tokens, TiktokenTokenizer tokenizer)
    {
        Tokens = tokens;
        _tokenizer = tokenizer;
    }

    /// <summary>The tokens' bytes, by id.</summary>
    public IReadOnlyList<byte[]> Tokens { get; }

    public static PrunedTokenizer Read(string path) =>
        new([.. File.ReadLines(path).Select(line => Convert.FromBase64String(line.Split(' ')[0]))], TiktokenTokenizer.Create(path, new RegexPreTokenizer(Words(), null), null));

    public IReadOnlyList<int> Encode(string text) => _tokenizer.EncodeToIds(text);

    // o200k's pattern, as in training/data.py.
    [GeneratedRegex(@"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+(?i:'s|'t|'re|'ve|'m|'ll|'d)?|[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*(?i:'s|'t|'re|'ve|'m|'ll|'d)?|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+")]
    private static partial Regex Words();
}
