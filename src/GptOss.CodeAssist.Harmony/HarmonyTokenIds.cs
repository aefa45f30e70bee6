using System.Collections.Frozen;

namespace GptOss.CodeAssist.Harmony;

/// <summary>The numbers of the special tokens in one vocabulary, for streams that name tokens by number only.</summary>
/// <param name="Names">Number to text, for instance 200005 to <c>&lt;|channel|&gt;</c>.</param>
public sealed record HarmonyTokenIds(FrozenDictionary<int, string> Names)
{
    /// <summary>The vocabulary o200k_harmony of gpt-oss-20b and gpt-oss-120b (openai/harmony, docs/format.md).</summary>
    public static HarmonyTokenIds O200kHarmony { get; } = new(new Dictionary<int, string>
    {
        [199999] = HarmonyTokens.EndOfText,
        [200002] = HarmonyTokens.Return,
        [200003] = HarmonyTokens.Constrain,
        [200005] = HarmonyTokens.Channel,
        [200006] = HarmonyTokens.Start,
        [200007] = HarmonyTokens.End,
        [200008] = HarmonyTokens.Message,
        [200012] = HarmonyTokens.Call,
    }.ToFrozenDictionary());
}
