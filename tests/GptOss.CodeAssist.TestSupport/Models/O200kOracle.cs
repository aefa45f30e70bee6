using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.ML.Tokenizers;

namespace GptOss.CodeAssist.TestSupport.Models;

/// <summary>Says how text ought to be tokenised by a model from <see cref="SmallModel"/>, by Microsoft.ML.Tokenizers on the same vocabulary.</summary>
public sealed class O200kOracle
{
    /// <summary>llama.cpp's rendering of the pattern (LLAMA_VOCAB_PRE_TYPE_GPT4O in its src/llama-vocab.cpp).</summary>
    private const string LlamaPattern =
        @"[^\r\n\p{L}\p{N}]?((?=[\p{L}])([^a-z]))*((?=[\p{L}])([^A-Z]))+(?:'[sS]|'[tT]|'[rR][eE]|'[vV][eE]|'[mM]|'[lL][lL]|'[dD])?" +
        @"|[^\r\n\p{L}\p{N}]?((?=[\p{L}])([^a-z]))+((?=[\p{L}])([^A-Z]))*(?:'[sS]|'[tT]|'[rR][eE]|'[vV][eE]|'[mM]|'[lL][lL]|'[dD])?" +
        @"|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+";

    private readonly ImmutableArray<byte[]> _tokens;
    private readonly TiktokenTokenizer _published;
    private readonly TiktokenTokenizer _llama;

    public O200kOracle(SmallModelOptions options)
    {
        _tokens = ModelVocabulary.Create(options).Tokens;
        var ranks = string.Concat(_tokens.Select((token, rank) => $"{Convert.ToBase64String(token)} {rank}\n"));
        _published = Create(O200k.Pattern);
        _llama = Create(LlamaPattern);

        TiktokenTokenizer Create(string pattern) =>
            TiktokenTokenizer.Create(new MemoryStream(Encoding.ASCII.GetBytes(ranks)), new RunePreTokenizer(new Regex(pattern, RegexOptions.CultureInvariant)), normalizer: null);
    }

    /// <summary>The tokens by OpenAI's own pattern. A lone surrogate is taken for U+FFFD, as UTF-8 has no other way to write it.</summary>
    public IReadOnlyList<int> Encode(string text) => _published.EncodeToIds(ReplaceLoneSurrogates(text));

    /// <summary>The tokens by the pattern as llama.cpp writes it, which differs from OpenAI's: see <see cref="IsCutAlike"/>.</summary>
    public IReadOnlyList<int> EncodeAsLlama(string text) => _llama.EncodeToIds(ReplaceLoneSurrogates(text));

    /// <summary>
    /// Whether llama.cpp's pattern must cut this text as OpenAI's does. It knows only a to z and A to Z as lower and upper case, so a letter beyond them may
    /// stand on either side of a change of case; and it does not count combining marks as parts of words.
    /// </summary>
    public static bool IsCutAlike(string text) => ReplaceLoneSurrogates(text).EnumerateRunes().All(rune =>
        rune.IsAscii || Rune.GetUnicodeCategory(rune) is not (
            UnicodeCategory.UppercaseLetter or UnicodeCategory.LowercaseLetter or UnicodeCategory.TitlecaseLetter or
            UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.EnclosingMark));

    /// <summary>The bytes of an ordinary token.</summary>
    public ReadOnlySpan<byte> BytesOf(int token) => _tokens[token];

    private static string ReplaceLoneSurrogates(string text) => string.Concat(text.EnumerateRunes());
}
