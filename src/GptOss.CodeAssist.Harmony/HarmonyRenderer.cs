using System.Collections.Immutable;
using GptOss.CodeAssist.Inference;

namespace GptOss.CodeAssist.Harmony;

/// <summary>Turns conversations into prompts.</summary>
/// <remarks>
/// Source of every rule: openai/harmony, docs/format.md and the reference renderer. Only this class writes special tokens;
/// all that messages say, headers included, is ordinary text, so nothing that a user or a model wrote can become structure.
/// </remarks>
public static class HarmonyRenderer
{
    /// <summary>The prompt that makes the assistant speak next.</summary>
    /// <exception cref="ArgumentException">A message is impossible: a tool without a name, or content that its role cannot have.</exception>
    public static ImmutableArray<PromptPart> RenderPrompt(
        IEnumerable<HarmonyMessage> conversation, AssistantOpening opening, HistoryRule history = HistoryRule.DropFinishedReasoning)
    {
        var prompt = new PromptWriter();
        RenderInto(prompt, [.. conversation], history);
        prompt.Special(HarmonyTokens.Start).Text("assistant");
        switch (opening)
        {
            case AssistantOpening.Final final:
                if (final.AfterEmptyAnalysis)
                {
                    OpenFinalAfter("", prompt);
                }

                OpenChannel(HarmonyChannels.Final, prompt).Text(final.Prefill);
                break;
            case AssistantOpening.FinalAfterAnalysis final:
                OpenFinalAfter(final.Analysis, prompt);
                OpenChannel(HarmonyChannels.Final, prompt).Text(final.Prefill);
                break;
        }

        return prompt.ToImmutable();
    }

    /// <summary>The conversation as it is, with nobody to speak next.</summary>
    /// <inheritdoc cref="RenderPrompt" path="/exception"/>
    public static ImmutableArray<PromptPart> RenderConversation(IEnumerable<HarmonyMessage> conversation, HistoryRule history = HistoryRule.DropFinishedReasoning)
    {
        var prompt = new PromptWriter();
        RenderInto(prompt, [.. conversation], history);
        return prompt.ToImmutable();
    }

    /// <summary>The messages that <paramref name="rule"/> keeps.</summary>
    public static IEnumerable<HarmonyMessage> ApplyHistoryRule(ImmutableArray<HarmonyMessage> conversation, HistoryRule rule)
    {
        var lastUser = FindLast(conversation.Length, message => message.Header.Role == HarmonyRole.User);
        var lastFinishedFinal = FindLast(lastUser, message => message.Header.Channel == HarmonyChannels.Final);
        return conversation.Where((message, index) =>
            rule == HistoryRule.KeepEverything || index > lastFinishedFinal || message.Header.Channel != HarmonyChannels.Analysis);

        int FindLast(int before, Func<HarmonyMessage, bool> predicate)
        {
            var index = before - 1;
            while (index >= 0 && !predicate(conversation[index]))
            {
                index--;
            }

            return index;
        }
    }

    private static void RenderInto(PromptWriter prompt, ImmutableArray<HarmonyMessage> conversation, HistoryRule history)
    {
        var hasFunctions = conversation.Any(message =>
            message.Content is HarmonyContent.Developer developer
            && developer.Tools.Any(group => group.Name == ToolNamespace.Functions && !group.Tools.IsEmpty));
        foreach (var message in ApplyHistoryRule(conversation, history))
        {
            RenderMessage(message, hasFunctions, prompt);
        }
    }

    private static void RenderMessage(HarmonyMessage message, bool hasFunctions, PromptWriter prompt)
    {
        RenderHeader(message.Header, prompt);
        prompt.Text(message.Content switch
        {
            HarmonyContent.Text text => text.Value,
            HarmonyContent.System system when message.Header.Role == HarmonyRole.System => HarmonySections.Render(system, hasFunctions),
            HarmonyContent.Developer developer when message.Header.Role == HarmonyRole.Developer => HarmonySections.Render(developer),
            _ => throw new ArgumentException($"A message of role {message.Header.Role} cannot hold {message.Content.GetType().Name} content."),
        });

        // The recipient "all" is written like none, yet ends as a call in the reference renderer; a message for everybody is no call here.
        var isCall = message.Header is { Role: HarmonyRole.Assistant, Recipient: not (null or "all") };
        prompt.Special(isCall ? HarmonyTokens.Call : HarmonyTokens.End);
    }

    private static void RenderHeader(HarmonyHeader header, PromptWriter prompt)
    {
        var recipient = header.Recipient is null or "all" ? "" : $" to={header.Recipient}";
        var afterChannel = header is { RecipientPlacement: RecipientPlacement.AfterChannel, Channel: not null };
        prompt.Special(HarmonyTokens.Start).Text(RoleText(header)).Text(afterChannel ? "" : recipient);
        if (header.Channel is { } channel)
        {
            prompt.Special(HarmonyTokens.Channel).Text(channel).Text(afterChannel ? recipient : "");
        }

        if (header.ContentType is { } type)
        {
            prompt.Text(" ");
            if (type.Constrained)
            {
                prompt.Special(HarmonyTokens.Constrain);
            }

            prompt.Text(type.Name);
        }

        prompt.Special(HarmonyTokens.Message);
    }

    private static string RoleText(HarmonyHeader header) => header.Role switch
    {
        HarmonyRole.Tool => header.Name ?? throw new ArgumentException("A tool's message needs the tool's name."),
        var role => role.ToString().ToLowerInvariant() + (header.Name is { } name ? $":{name}" : ""),
    };

    private static void OpenFinalAfter(string analysis, PromptWriter prompt) =>
        OpenChannel(HarmonyChannels.Analysis, prompt).Text(analysis).Special(HarmonyTokens.End).Special(HarmonyTokens.Start).Text("assistant");

    private static PromptWriter OpenChannel(string channel, PromptWriter prompt) =>
        prompt.Special(HarmonyTokens.Channel).Text(channel).Special(HarmonyTokens.Message);
}
