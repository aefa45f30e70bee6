using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using GptOss.CodeAssist.Assistant.Turns;
using GptOss.CodeAssist.Harmony;
using GptOss.CodeAssist.Inference;

namespace GptOss.CodeAssist.Assistant.Chat;

/// <summary>One question of a conversation: the model speaks, its calls are answered, until it has answered or must.</summary>
internal sealed class ToolLoop(IInferenceEngine engine, TurnRunner runner, ImmutableArray<ChatTool> tools, ChatOptions options, Action<ChatEvent> onEvent)
{
    private const string LimitReached = "The limit of look-ups is reached. Answer now with what you know.";

    private readonly StringBuilder _reasoning = new();

    /// <summary>System and developer message.</summary>
    public required ImmutableArray<HarmonyMessage> Head { get; init; }

    /// <summary>The question, and all that followed so far.</summary>
    public required ImmutableArray<HarmonyMessage> Turn { get; set; }

    /// <summary>Every generation's settings, its prompt left out.</summary>
    public required GenerationRequest Template { get; init; }

    public required int MaxPromptTokens { get; init; }

    public required int MaxToolOutputTokens { get; init; }

    /// <summary>The earlier turns that the last prompt had room for.</summary>
    public ImmutableList<Conversation.FinishedTurn> Kept { get; private set; } = [];

    public async Task<ChatAnswer> RunAsync(ImmutableList<Conversation.FinishedTurn> earlier, CancellationToken cancellationToken)
    {
        Kept = earlier;
        var calls = 0;
        AssistantOpening opening = new AssistantOpening.Header();
        while (true)
        {
            if (await FindExcessAsync(opening, cancellationToken) is { } tooLong)
            {
                return new ChatAnswer("", tooLong);
            }

            var said = await GenerateAsync(opening, cancellationToken);
            Turn = Turn.AddRange(said.Messages.Where(message => message.TextContent.Length > 0 || message.Header.Kind == HarmonyContentKind.ToolCall));
            var call = said.Messages.LastOrDefault(message => message.Header.Kind == HarmonyContentKind.ToolCall);
            var mustAnswer = opening is not AssistantOpening.Header;
            if (call is not null && said.End == TurnEnd.Complete && !mustAnswer)
            {
                calls++;
                var isLast = calls >= options.MaxToolCalls;
                await AnswerCallAsync(call, isLast, cancellationToken);
                opening = isLast ? new AssistantOpening.Final("") : opening;
            }
            else if (said.Text(HarmonyContentKind.Answer) is { Length: > 0 } || mustAnswer || said.End == TurnEnd.Loop)
            {
                return Conclude(said, calls, earlier.Count);
            }
            else
            {
                // It thought and stopped: the thoughts are given back, and only an answer may follow.
                Turn = Turn.RemoveAll(message => said.Messages.Contains(message) && message.Header.Kind == HarmonyContentKind.Reasoning);
                var thoughts = await TokenBudget.CutAsync(engine, said.Text(HarmonyContentKind.Reasoning), Template.MaxTokens / 2, cancellationToken);
                opening = new AssistantOpening.FinalAfterAnalysis(thoughts, "");
            }
        }
    }

    private ChatAnswer Conclude(ModelTurn said, int calls, int earlierTurns)
    {
        var text = string.Join("\n\n", Turn.Where(message => message.Header is { Role: HarmonyRole.Assistant, Kind: HarmonyContentKind.Answer or HarmonyContentKind.Preamble }).Select(message => message.TextContent));
        if (said.End == TurnEnd.Cut)
        {
            onEvent(new ChatEvent.Notice($"The answer was cut at {Template.MaxTokens} tokens."));
        }
        else if (said.End == TurnEnd.Loop)
        {
            onEvent(new ChatEvent.Notice("The model began to repeat itself and was stopped."));
        }

        return new ChatAnswer(text, text.Length > 0 ? null : EmptyReasons.NoAnswer(said.End == TurnEnd.Loop ? "it repeated itself without end" : "it ended without one"))
        {
            Reasoning = _reasoning.ToString(),
            ToolCalls = calls,
            DroppedTurns = earlierTurns - Kept.Count,
            Usage = said.Usage,
        };
    }

    private Task<ModelTurn> GenerateAsync(AssistantOpening opening, CancellationToken cancellationToken)
    {
        var request = Template with
        {
            Prompt = HarmonyRenderer.RenderPrompt([.. Head, .. Kept.SelectMany(turn => turn.Messages), .. Turn], opening),
            StopTokens = opening is AssistantOpening.Header ? HarmonyStops.Turn : HarmonyStops.SingleMessage,
            Functions = opening is AssistantOpening.Header ? Template.Functions : [],
        };
        return runner.RunAsync(request, opening, Show, cancellationToken);
    }

    private void Show(HarmonyEvent found)
    {
        if (found is HarmonyEvent.ContentDelta delta)
        {
            if (delta.Header.Kind is HarmonyContentKind.Answer or HarmonyContentKind.Preamble)
            {
                onEvent(new ChatEvent.Answer(delta.Text));
            }
            else if (delta.Header.Kind == HarmonyContentKind.Reasoning)
            {
                _reasoning.Append(delta.Text);
                onEvent(new ChatEvent.Reasoning(delta.Text));
            }
        }
        else if (found is HarmonyEvent.MessageEnded { Message.Header.Kind: HarmonyContentKind.Preamble })
        {
            onEvent(new ChatEvent.Answer("\n\n"));
        }
    }

    /// <summary>Drops the oldest turns when the prompt has no room; the reason where even without them it has none.</summary>
    /// <remarks>A quarter of the room is made free at once: dropping a turn empties the prompt cache, which should not happen at every question.</remarks>
    private async ValueTask<EmptyReason?> FindExcessAsync(AssistantOpening opening, CancellationToken cancellationToken)
    {
        var thoughts = opening is AssistantOpening.FinalAfterAnalysis after ? await engine.CountTokensAsync(after.Analysis, cancellationToken) : 0;
        var needed = thoughts + await TokenBudget.CountAsync(engine, [.. Head, .. Turn], cancellationToken);
        if (needed + Kept.Sum(turn => turn.Tokens) > MaxPromptTokens)
        {
            while (!Kept.IsEmpty && needed + Kept.Sum(turn => turn.Tokens) > MaxPromptTokens * 3 / 4)
            {
                Kept = Kept.RemoveAt(0);
            }
        }

        return needed > MaxPromptTokens ? EmptyReasons.ConversationTooLong(needed, MaxPromptTokens) : null;
    }

    private async Task AnswerCallAsync(HarmonyMessage call, bool isLast, CancellationToken cancellationToken)
    {
        var recipient = call.Header.Recipient!;
        var shown = Describe(recipient, call.TextContent);
        onEvent(new ChatEvent.ToolCalled(shown));
        var output = await RunToolAsync(recipient, call.TextContent, cancellationToken);
        output = await TokenBudget.CutAsync(engine, output, MaxToolOutputTokens, cancellationToken);
        onEvent(new ChatEvent.ToolAnswered(shown, output));
        Turn = Turn.Add(HarmonyMessage.ToolResult(recipient, isLast ? $"{output}\n\n{LimitReached}" : output));
    }

    private async Task<string> RunToolAsync(string recipient, string arguments, CancellationToken cancellationToken)
    {
        var tool = tools.FirstOrDefault(tool => recipient == $"{ToolNamespace.Functions}.{tool.Definition.Name}" || recipient == tool.Definition.Name);
        if (tool is null)
        {
            return $"There is no function {recipient}. There are: {string.Join(", ", tools.Select(other => other.Definition.Name))}.";
        }

        try
        {
            using var json = JsonDocument.Parse(string.IsNullOrWhiteSpace(arguments) ? "{}" : arguments);
            return json.RootElement.ValueKind == JsonValueKind.Object
                ? await tool.RunAsync(json.RootElement, cancellationToken)
                : "The arguments must be a JSON object.";
        }
        catch (Exception problem) when (problem is JsonException or FormatException)
        {
            return $"The arguments cannot be used: {problem.Message}";
        }
    }

    private static string Describe(string recipient, string arguments)
    {
        var name = recipient.StartsWith($"{ToolNamespace.Functions}.", StringComparison.Ordinal) ? recipient[(ToolNamespace.Functions.Length + 1)..] : recipient;
        try
        {
            using var json = JsonDocument.Parse(arguments);
            return $"{name}({string.Join(", ", json.RootElement.EnumerateObject().Select(argument => $"{argument.Name}: {argument.Value.GetRawText()}"))})";
        }
        catch (Exception problem) when (problem is JsonException or InvalidOperationException)
        {
            return $"{name}({arguments})";
        }
    }
}
