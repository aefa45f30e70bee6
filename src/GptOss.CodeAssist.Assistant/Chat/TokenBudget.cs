using System.Collections.Immutable;
using GptOss.CodeAssist.Harmony;
using GptOss.CodeAssist.Inference;

namespace GptOss.CodeAssist.Assistant.Chat;

/// <summary>What texts cost, and how much of one may stay.</summary>
internal static class TokenBudget
{
    private const string CutMark = "\n... cut here because of its length.";

    /// <summary>The tokens of messages as a prompt holds them; all of them, reasoning too.</summary>
    public static async ValueTask<int> CountAsync(IInferenceEngine engine, ImmutableArray<HarmonyMessage> messages, CancellationToken cancellationToken)
    {
        var count = 0;
        foreach (var part in HarmonyRenderer.RenderConversation(messages, HistoryRule.KeepEverything))
        {
            count += part is PromptPart.Text text ? await engine.CountTokensAsync(text.Value, cancellationToken) : 1;
        }

        return count;
    }

    /// <summary>The longest beginning, of whole lines where that leaves anything, that fits with a mark that says it was cut.</summary>
    public static async ValueTask<string> CutAsync(IInferenceEngine engine, string text, int maxTokens, CancellationToken cancellationToken)
    {
        // A token is at least one character: what is shorter fits without being counted.
        if (text.Length <= maxTokens)
        {
            return text;
        }

        var kept = text;
        var tokens = await engine.CountTokensAsync(kept, cancellationToken);
        while (tokens > maxTokens)
        {
            var length = (int)Math.Min(kept.Length - 1L, (long)kept.Length * Math.Max(0, maxTokens - 16) / tokens);
            if (length <= 0)
            {
                return "";
            }

            var lineEnd = kept.LastIndexOf('\n', length);
            kept = kept[..(lineEnd > length / 2 ? lineEnd : char.IsLowSurrogate(kept[length]) ? length - 1 : length)];
            tokens = await engine.CountTokensAsync(kept + CutMark, cancellationToken);
        }

        return kept.Length == text.Length ? text : kept + CutMark;
    }
}
