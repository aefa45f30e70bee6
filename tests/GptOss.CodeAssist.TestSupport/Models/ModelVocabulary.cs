using System.Collections.Immutable;
using Microsoft.ML.Tokenizers;

namespace GptOss.CodeAssist.TestSupport.Models;

/// <summary>A test model's tokens: o200k or a closed part of it, then special tokens.</summary>
/// <param name="Tokens">The ordinary tokens' bytes, in merge order; the position is the id.</param>
/// <param name="SpecialTokens">Texts of the special tokens, whose ids follow.</param>
internal sealed record ModelVocabulary(ImmutableArray<byte[]> Tokens, ImmutableArray<string> SpecialTokens)
{
    private const int NormalType = 1;
    private const int ControlType = 3;

    // o200k_harmony in OpenAI's harmony repository, src/tiktoken_ext/public_encodings.rs, from id 199998 on.
    private static readonly ImmutableArray<string> HarmonyTokens =
    [
        "<|startoftext|>", "<|endoftext|>", "<|reserved_200000|>", "<|reserved_200001|>", "<|return|>", "<|constrain|>", "<|reserved_200004|>",
        "<|channel|>", "<|start|>", "<|end|>", "<|message|>", "<|reserved_200009|>", "<|reserved_200010|>", "<|reserved_200011|>", "<|call|>",
    ];

    private static readonly ImmutableArray<string> FimTokens = ["<|fim_prefix|>", "<|fim_suffix|>", "<|fim_middle|>", "<|fim_pad|>"];

    /// <summary>gpt-oss's own number of tokens.</summary>
    private const int FullSize = 201_088;

    // What prompts and C# are full of; everything in it becomes as few tokens as in the real vocabulary.
    private const string EverydayText =
        """
        system user assistant developer tool analysis commentary final functions to= json
        You are ChatGPT, a large language model trained by OpenAI. Knowledge cutoff: 2024-06 Reasoning: low medium high
        # Valid channels: analysis, commentary, final. Channel must be included for every message. # Instructions
        using System; namespace public private protected internal static readonly sealed abstract virtual override async await
        class record struct interface enum string int long bool double decimal void var new return if else for foreach while switch
        case break continue throw try catch finally null true false this base get; set; init; => ?? ?. != == && || () [] {} // ///
        Task List Dictionary IEnumerable CancellationToken Console.WriteLine ToString Select Where FirstOrDefault Count Length Add Name Id Value
        """;

    public int Size => Tokens.Length + SpecialTokens.Length;

    public static ModelVocabulary Create(SmallModelOptions options)
    {
        var special = (options.HarmonyTokens ? HarmonyTokens : ["<|startoftext|>", "<|endoftext|>"]).AddRange(options.FimTokens ? FimTokens : []);
        if (options.FullVocabulary)
        {
            var reserved = Enumerable.Range(O200k.Tokens.Length + special.Length, FullSize - O200k.Tokens.Length - special.Length);
            return new ModelVocabulary(O200k.Tokens, special.AddRange(reserved.Select(id => $"<|reserved_{id}|>")));
        }

        var full = TiktokenTokenizer.CreateForEncoding("o200k_base");
        var kept = new SortedSet<int>(Enumerable.Range(0, 256));
        O200k.AddClosure(kept, Enumerable.Range(0, options.BaseTokens));
        O200k.AddClosure(kept, full.EncodeToIds(EverydayText).Concat(full.EncodeToIds(options.VocabularyText)));
        return new ModelVocabulary([.. kept.Select(rank => O200k.Tokens[rank])], special);
    }

    public int IdOf(string specialToken) => Tokens.Length + SpecialTokens.IndexOf(specialToken, StringComparer.Ordinal);

    /// <summary>Adds the keys from which llama.cpp builds its tokenizer.</summary>
    public void AddTo(GgufWriter writer)
    {
        var texts = Tokens.Select(ToText).ToArray();
        writer
            .Add("tokenizer.ggml.model", "gpt2")
            .Add("tokenizer.ggml.pre", "gpt-4o")
            .Add("tokenizer.ggml.tokens", texts.Concat(SpecialTokens).ToArray())
            .Add("tokenizer.ggml.token_type", Enumerable.Repeat(NormalType, Tokens.Length).Concat(Enumerable.Repeat(ControlType, SpecialTokens.Length)).ToArray())
            .Add("tokenizer.ggml.merges", FindMerges(texts))
            .Add("tokenizer.ggml.bos_token_id", (uint)IdOf("<|startoftext|>"))
            .Add("tokenizer.ggml.eos_token_id", (uint)IdOf(SpecialTokens.Contains("<|return|>") ? "<|return|>" : "<|endoftext|>"))
            .Add("tokenizer.ggml.padding_token_id", (uint)IdOf("<|endoftext|>"))
            .Add("tokenizer.ggml.add_bos_token", false);
    }

    /// <summary>All ways to put each token together from two others, in the order in which they are tried.</summary>
    /// <remarks>As the conversion that made gpt-oss's own tokenizer.json: by the rank of the result, then of the left part, then of the right.</remarks>
    private static string[] FindMerges(string[] texts)
    {
        var ranks = texts.Select((text, rank) => (text, rank)).ToDictionary(pair => pair.text, pair => pair.rank, StringComparer.Ordinal);
        var lookup = ranks.GetAlternateLookup<ReadOnlySpan<char>>();
        var merges = new List<string>(texts.Length * 2);
        var found = new List<(int Left, int Right)>();
        foreach (var text in texts)
        {
            found.Clear();
            for (var cut = 1; cut < text.Length; cut++)
            {
                if (lookup.TryGetValue(text.AsSpan(0, cut), out var left) && lookup.TryGetValue(text.AsSpan(cut), out var right))
                {
                    found.Add((left, right));
                }
            }

            found.Sort();
            merges.AddRange(found.Select(pair => $"{texts[pair.Left]} {texts[pair.Right]}"));
        }

        return [.. merges];
    }

    /// <summary>GPT-2's way to write any bytes as printable characters: printable Latin-1 stands for itself, the rest moves up from U+0100.</summary>
    private static string ToText(byte[] token) => string.Create(token.Length, token, (text, bytes) =>
    {
        for (var i = 0; i < bytes.Length; i++)
        {
            text[i] = ByteCharacters[bytes[i]];
        }
    });

    private static readonly ImmutableArray<char> ByteCharacters = MapBytes();

    private static ImmutableArray<char> MapBytes()
    {
        var characters = ImmutableArray.CreateBuilder<char>(256);
        var next = (char)256;
        for (var value = 0; value < 256; value++)
        {
            var printable = value is (>= '!' and <= '~') or (>= 0xA1 and <= 0xAC) or >= 0xAE;
            characters.Add(printable ? (char)value : next++);
        }

        return characters.MoveToImmutable();
    }
}
