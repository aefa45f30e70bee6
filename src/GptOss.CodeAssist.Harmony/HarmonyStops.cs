using System.Collections.Immutable;

namespace GptOss.CodeAssist.Harmony;

/// <summary>The special tokens that must end a generation, by how the prompt opened the assistant's turn.</summary>
public static class HarmonyStops
{
    /// <summary>
    /// A whole turn: reasoning, tool calls and answer. <c>&lt;|end|&gt;</c> is absent on purpose, because it only separates the turn's messages.
    /// </summary>
    public static ImmutableArray<string> Turn { get; } = [HarmonyTokens.Return, HarmonyTokens.Call, HarmonyTokens.EndOfText];

    /// <summary>One message whose content the prompt has opened already: whatever ends it, or would begin another.</summary>
    public static ImmutableArray<string> SingleMessage { get; } =
    [
        HarmonyTokens.Return,
        HarmonyTokens.End,
        HarmonyTokens.Call,
        HarmonyTokens.EndOfText,
        HarmonyTokens.Start,
        HarmonyTokens.Channel,
    ];
}
