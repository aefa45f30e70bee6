using System.Text.RegularExpressions;
using Microsoft.ML.Tokenizers;

namespace GptOss.CodeAssist.TestSupport.Serving;

/// <summary>Cuts text as the tokenizers of model servers do: every special token that the text spells is obeyed.</summary>
public sealed class MarkedTokenizer(IReadOnlyDictionary<string, int> specials)
{
    private static readonly TiktokenTokenizer Ordinary = TiktokenTokenizer.CreateForEncoding("o200k_base");

    /// <summary>The special tokens of o200k_harmony that prompts are written with.</summary>
    public static IReadOnlyDictionary<string, int> Harmony { get; } = new Dictionary<string, int>
    {
        ["<|startoftext|>"] = 199998,
        ["<|endoftext|>"] = 199999,
        ["<|return|>"] = 200002,
        ["<|constrain|>"] = 200003,
        ["<|channel|>"] = 200005,
        ["<|start|>"] = 200006,
        ["<|end|>"] = 200007,
        ["<|message|>"] = 200008,
        ["<|call|>"] = 200012,
    };

    /// <summary>Those of a model that fills in.</summary>
    public static IReadOnlyDictionary<string, int> FillIn { get; } = new Dictionary<string, int>
    {
        ["<|endoftext|>"] = 199999,
        ["<|fim_prefix|>"] = 201001,
        ["<|fim_suffix|>"] = 201002,
        ["<|fim_middle|>"] = 201003,
    };

    public IReadOnlyDictionary<string, int> Specials => specials;

    /// <param name="obeyed">The special tokens to obey; null for all.</param>
    public IReadOnlyList<(int Id, string Text)> Encode(string text, IReadOnlyCollection<string>? obeyed = null)
    {
        var names = specials.Keys.Where(name => obeyed is null || obeyed.Contains(name)).ToArray();
        string[] parts = names.Length == 0 ? [text] : Regex.Split(text, $"({string.Join('|', names.Select(Regex.Escape))})");
        return [.. parts.SelectMany(part => names.Contains(part) ? [(specials[part], part)] : Ordinary.EncodeToTokens(part, out _).Select(token => (token.Id, part[token.Offset])))];
    }
}
