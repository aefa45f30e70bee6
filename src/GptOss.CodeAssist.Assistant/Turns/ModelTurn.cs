using System.Collections.Immutable;
using GptOss.CodeAssist.Harmony;
using GptOss.CodeAssist.Inference;

namespace GptOss.CodeAssist.Assistant.Turns;

/// <summary>What a chat model said in one generation.</summary>
/// <param name="Messages">In order; the last one may be cut off.</param>
/// <param name="End">How it ended.</param>
/// <param name="Usage">What it cost; null when it was stopped early.</param>
internal sealed record ModelTurn(ImmutableArray<HarmonyMessage> Messages, TurnEnd End, GenerationUsage? Usage)
{
    /// <summary>The text of all messages of a kind.</summary>
    public string Text(HarmonyContentKind kind) =>
        string.Join("\n\n", Messages.Where(message => message.Header.Kind == kind && message.TextContent.Length > 0).Select(message => message.TextContent));
}
