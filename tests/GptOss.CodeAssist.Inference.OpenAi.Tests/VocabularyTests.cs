using CsCheck;
using GptOss.CodeAssist.Inference.OpenAi.Vocabularies;
using GptOss.CodeAssist.TestSupport.Serving;

namespace GptOss.CodeAssist.Inference.OpenAi.Tests;

public sealed class VocabularyTests
{
    private static readonly HarmonyVocabulary Vocabulary = new();
    private static readonly MarkedTokenizer Oracle = new(MarkedTokenizer.Harmony);

    private static readonly Gen<string> Texts = Gen.OneOf(
        OneOf([.. MarkedTokenizer.Harmony.Keys]), OneOf("<", "<|", "|>", "<|reserved_200013|>", "<|endofprompt|>", "<|start", "|", "漢", "🙂", "\r\n", "    return x;"), Gen.String[0, 6])
        .Array[0, 12].Select(string.Concat);

    [Fact]
    public void No_text_becomes_a_special_token() => Texts.Sample(text =>
        Tokenize(text).All(token => Vocabulary.FindSpecialName(token.Id) is null), iter: 2_000);

    [Fact]
    public void Text_without_markers_is_cut_as_the_published_vocabulary_cuts_it() => Gen.String.Array[0, 8].Select(parts => string.Join(" x = 1;\n\t", parts))
        .Where(text => !text.Contains("<|", StringComparison.Ordinal))
        .Sample(text => Assert.Equal(Oracle.Encode(text, []).Select(token => token.Id), Tokenize(text).Select(token => token.Id)), iter: 500);

    [Fact]
    public void What_healing_takes_off_is_exactly_text() => Texts.Sample(text =>
    {
        var tokens = Tokenize(text);
        var known = tokens.Reverse().TakeWhile(token => token.Text is not null).Reverse().ToArray();
        return text.EndsWith(string.Concat(known.Select(token => token.Text)), StringComparison.Ordinal);
    }, iter: 2_000);

    [Fact]
    public void A_word_of_a_hundred_thousand_letters_is_cut_in_passable_time() => Assert.NotEmpty(Tokenize(new string('a', 100_000)));

    private static Gen<string> OneOf(params string[] texts) => Gen.Int[0, texts.Length - 1].Select(index => texts[index]);

    private static IReadOnlyList<ServedToken> Tokenize(string text)
    {
        var tokens = Vocabulary.TokenizeAsync(text, CancellationToken.None).AsTask();
        Assert.True(tokens.IsCompletedSuccessfully);
        return tokens.GetAwaiter().GetResult();
    }
}
