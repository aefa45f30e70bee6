using GptOss.CodeAssist.Assistant.Prompts;
using GptOss.CodeAssist.Assistant.Turns;
using GptOss.CodeAssist.Harmony;
using GptOss.CodeAssist.Inference;

namespace GptOss.CodeAssist.Assistant.CodeActions;

/// <summary>The messages of one action: a request, an answer, and perhaps a second try.</summary>
internal sealed class ActionConversation(IInferenceEngine engine, TurnRunner runner, ModelDescription model, Action<string> onProgress)
{
    private const string OpenFence = "```csharp\n";
    private readonly List<HarmonyMessage> _messages = [];
    private GenerationRequest _template = new() { Prompt = [], MaxTokens = 1 };

    /// <param name="settings">The prompt file whose limits and effort count.</param>
    /// <param name="repeatedCode">What the answer will mostly repeat; null where it is written anew.</param>
    public void Begin(PromptTemplate settings, ReasoningEffort? effort, string instructions, string? repeatedCode)
    {
        _messages.Add(HarmonyMessage.System(new HarmonyContent.System { Effort = effort ?? settings.Effort }));
        _messages.Add(HarmonyMessage.Developer(new HarmonyContent.Developer { Instructions = instructions }));
        _template = new GenerationRequest
        {
            Prompt = [],
            MaxTokens = Math.Min(settings.MaxTokens, model.ContextLength / 2),
            Sampling = new SamplingOptions { Temperature = settings.Temperature },
            StopStrings = settings.Stops,
            DraftSource = repeatedCode is null ? null : $"{OpenFence}{repeatedCode}\n```",
            Priority = RequestPriority.CodeAction,
        };
    }

    public void Add(string userText) => _messages.Add(HarmonyMessage.User(userText));

    /// <summary>What the model answers, its reasoning left out; the reason where there is no whole answer, for half of one must not become an edit.</summary>
    /// <param name="codeOnly">Whether an answer that has to be demanded may begin with nothing but code.</param>
    public async Task<(string Text, EmptyReason? Reason)> AskAsync(bool codeOnly, CancellationToken cancellationToken)
    {
        onProgress("Thinking");
        var said = await GenerateAsync(new AssistantOpening.Header(), HarmonyStops.Turn, cancellationToken);
        var text = said.Turn?.Text(HarmonyContentKind.Answer) ?? "";
        if (said is { Reason: null, Turn.End: TurnEnd.Complete } && text.Length == 0)
        {
            // Thoughts and no answer: they are given back, and only the answer may follow.
            var prefill = codeOnly ? OpenFence : "";
            var opening = new AssistantOpening.FinalAfterAnalysis(said.Turn.Text(HarmonyContentKind.Reasoning), prefill);
            said = await GenerateAsync(opening, HarmonyStops.SingleMessage, cancellationToken);
            text = prefill + said.Turn?.Text(HarmonyContentKind.Answer);
        }

        var reason = said.Reason ?? said.Turn?.End switch
        {
            TurnEnd.Cut => EmptyReasons.NoAnswer($"it did not finish within {_template.MaxTokens:N0} tokens, and half an answer is not used"),
            TurnEnd.Loop => EmptyReasons.NoAnswer("it repeated itself without end"),
            _ => string.IsNullOrWhiteSpace(text) ? EmptyReasons.NoAnswer("it ended without one") : null,
        };
        _messages.Add(HarmonyMessage.Assistant(HarmonyChannels.Final, text));
        // A second try repeats the first one but for what was wrong with it.
        _template = _template with { DraftSource = text };
        return (text, reason);
    }

    private async Task<(ModelTurn? Turn, EmptyReason? Reason)> GenerateAsync(AssistantOpening opening, System.Collections.Immutable.ImmutableArray<string> stops, CancellationToken cancellationToken)
    {
        var prompt = HarmonyRenderer.RenderPrompt(_messages, opening);
        var tokens = 0;
        foreach (var part in prompt)
        {
            tokens += part is PromptPart.Text text ? await engine.CountTokensAsync(text.Value, cancellationToken) : 1;
        }

        var room = model.ContextLength - _template.MaxTokens;
        if (tokens > room)
        {
            return (null, EmptyReasons.ConversationTooLong(tokens, room));
        }

        var (written, isAnswering) = (0, false);
        var turn = await runner.RunAsync(_template with { Prompt = prompt, StopTokens = stops }, opening, Show, cancellationToken);
        return (turn, null);

        void Show(HarmonyEvent found)
        {
            if (found is HarmonyEvent.ContentDelta { Header.Kind: HarmonyContentKind.Answer } delta)
            {
                written += delta.Text.Count(character => character == '\n');
                if (!isAnswering || delta.Text.Contains('\n', StringComparison.Ordinal))
                {
                    isAnswering = true;
                    onProgress(written == 0 ? "Writing" : $"Writing, {written} lines");
                }
            }
        }
    }
}
