using System.Collections.Immutable;
using GptOss.CodeAssist.Inference;

namespace GptOss.CodeAssist.Harmony;

/// <summary>A rendered prompt read back: what <see cref="HarmonyRenderer.RenderPrompt"/> was given, for servers that want conversations and write prompts by themselves.</summary>
/// <param name="Messages">The conversation; system and developer messages hold the text that was rendered.</param>
/// <param name="MustAnswer">Whether the prompt opened the final channel, so that the model may neither think nor call.</param>
/// <param name="Prefill">The beginning of the answer that the prompt wrote; empty where it wrote none.</param>
public sealed record HarmonyPrompt(ImmutableArray<HarmonyMessage> Messages, bool MustAnswer, string Prefill)
{
    private const string InstructionsHeading = "# Instructions\n\n";
    private const string EffortLine = "Reasoning: ";

    /// <summary>Null where the prompt is not a conversation in Harmony with the assistant to speak next.</summary>
    public static HarmonyPrompt? Find(ImmutableArray<PromptPart> prompt)
    {
        var opening = prompt.Length - 1;
        while (opening >= 0 && prompt[opening] is not PromptPart.Special { Name: HarmonyTokens.Start })
        {
            opening--;
        }

        if (opening < 0)
        {
            return null;
        }

        var parser = new HarmonyParser(new HarmonyParserOptions { Opening = null });
        foreach (var part in prompt.AsSpan()[..opening])
        {
            _ = part is PromptPart.Special special ? parser.ReadSpecial(special.Name) : parser.ReadText(((PromptPart.Text)part).Value);
        }

        var tail = prompt.AsSpan()[opening..];
        var mustAnswer = tail.ToArray().Any(part => part is PromptPart.Special { Name: HarmonyTokens.Message });
        return new HarmonyPrompt(parser.Messages, mustAnswer, mustAnswer && tail[^1] is PromptPart.Text prefill ? prefill.Value : "");
    }

    /// <summary>The developer's instructions, without the tools and formats that were rendered below them.</summary>
    public string Instructions
    {
        get
        {
            var text = TextOf(HarmonyRole.Developer);
            var end = new[] { HarmonySections.ToolsHeading, HarmonySections.FormatsHeading }
                .Select(heading => text.LastIndexOf($"\n\n{heading}\n\n", StringComparison.Ordinal)).Where(found => found >= 0).DefaultIfEmpty(text.Length).Min();
            return text.StartsWith(InstructionsHeading, StringComparison.Ordinal) ? text[InstructionsHeading.Length..Math.Max(end, InstructionsHeading.Length)] : "";
        }
    }

    /// <summary>How hard the model was told to think; null where it was not told.</summary>
    public ReasoningEffort? Effort => TextOf(HarmonyRole.System).Split('\n').FirstOrDefault(line => line.StartsWith(EffortLine, StringComparison.Ordinal)) is { } line
        && Enum.TryParse<ReasoningEffort>(line[EffortLine.Length..], ignoreCase: true, out var effort)
        ? effort
        : null;

    private string TextOf(HarmonyRole role) => Messages.FirstOrDefault(message => message.Header.Role == role)?.TextContent ?? "";
}
