using System.Text;
using System.Text.Json;
using GptOss.CodeAssist.Harmony;
using GptOss.CodeAssist.Inference.OpenAi.Connecting;

namespace GptOss.CodeAssist.Inference.OpenAi.Chatting;

/// <summary>What a server's own chat says, told as the model's own words in Harmony would be, so that whoever reads the one reads the other.</summary>
internal sealed class ChatAnswer(GenerationRequest request, HarmonyPrompt prompt, UsageClock clock)
{
    private readonly AnswerText _text = new(0, request.StopStrings);
    private readonly StringBuilder _arguments = new();
    private string _prefillLeft = prompt.Prefill;
    private string? _channel = prompt.MustAnswer ? HarmonyChannels.Final : null;
    private bool _hasSpoken = prompt.MustAnswer;
    private string? _called;
    private FinishReason? _reason;
    private string? _stoppedBy;

    /// <summary>Whether nothing more is wanted.</summary>
    public bool IsOver => _reason == FinishReason.StopString;

    /// <summary>Whether an event of the server's holds some of the answer.</summary>
    public static bool IsAnswer(JsonElement chunk) => chunk.FindFirst("choices")?.Find("delta") is { } delta
        && (FindReasoning(delta) is { Length: > 0 } || delta.FindText("content") is { Length: > 0 } || delta.FindFirst("tool_calls") is not null);

    /// <summary>Whether the answer is whole with an event.</summary>
    public static bool IsEnd(JsonElement chunk) => chunk.FindFirst("choices")?.FindText("finish_reason") is not null;

    /// <summary>The tokens that an event brings.</summary>
    public IEnumerable<GenerationEvent.Token> Take(JsonElement chunk)
    {
        if (chunk.Find("usage") is { } usage)
        {
            clock.PromptTokens = usage.FindInteger("prompt_tokens") ?? clock.PromptTokens;
            clock.ReusedTokens = usage.Find("prompt_tokens_details")?.FindInteger("cached_tokens") ?? clock.ReusedTokens;
            clock.GeneratedTokens = Math.Max(clock.GeneratedTokens, usage.FindInteger("completion_tokens") ?? 0);
        }

        if (chunk.FindFirst("choices") is not { } choice)
        {
            yield break;
        }

        if (choice.Find("delta") is { } delta)
        {
            clock.Count(IsAnswer(chunk) ? 1 : 0);
            foreach (var token in TakeDelta(delta))
            {
                yield return token;
            }
        }

        if (choice.FindText("finish_reason") is { } finish && _reason is null)
        {
            _reason = finish == "length" ? FinishReason.TokenLimit : FinishReason.EndOfGeneration;
        }
    }

    /// <summary>The call that the answer ends with, if it does; then nothing.</summary>
    public IEnumerable<GenerationEvent> Finish()
    {
        if (_called is { } name && _reason == FinishReason.EndOfGeneration)
        {
            foreach (var token in Open($" to={ToolNamespace.Functions}.{name}", HarmonyChannels.Commentary, HarmonyContentType.ConstrainedJson.Name))
            {
                yield return token;
            }

            yield return Text(_arguments.ToString());
            (_reason, _stoppedBy) = (FinishReason.StopToken, HarmonyTokens.Call);
        }

        yield return new GenerationEvent.Finished(_reason ?? FinishReason.EndOfGeneration, clock.Read()) { RemainingText = _called is null ? _text.Finish() : "", StoppedBy = _stoppedBy };
    }

    private IEnumerable<GenerationEvent.Token> TakeDelta(JsonElement delta)
    {
        // Whoever must answer has thought already.
        if (!prompt.MustAnswer && FindReasoning(delta) is { Length: > 0 } reasoning)
        {
            foreach (var token in Say(HarmonyChannels.Analysis, reasoning))
            {
                yield return token;
            }
        }

        if (delta.FindText("content") is { Length: > 0 } content && TakeContent(content) is { Length: > 0 } certain)
        {
            foreach (var token in Say(HarmonyChannels.Final, certain))
            {
                yield return token;
            }
        }

        // One call at a time: Harmony has no more, and whoever answers calls answers one.
        foreach (var call in delta.List("tool_calls").Where(call => (call.FindInteger("index") ?? 0) == 0))
        {
            _called ??= call.Find("function")?.FindText("name");
            _arguments.Append(call.Find("function")?.FindText("arguments"));
        }
    }

    /// <summary>The text that became certain, without what the prompt had wanted the answer to begin with.</summary>
    private string TakeContent(string content)
    {
        var shared = Math.Min(_prefillLeft.Length, content.Length);
        if (shared > 0)
        {
            var repeats = content.AsSpan(0, shared).SequenceEqual(_prefillLeft.AsSpan(0, shared));
            (_prefillLeft, content) = repeats ? (_prefillLeft[shared..], content[shared..]) : ("", content);
        }

        var certain = _text.Append(Encoding.UTF8.GetBytes(content));
        if (_text.ReachedStop is { } stop)
        {
            (_reason, _stoppedBy) = (FinishReason.StopString, stop);
        }

        return certain;
    }

    private IEnumerable<GenerationEvent.Token> Say(string channel, string text)
    {
        if (_channel != channel)
        {
            foreach (var token in Open("", channel, null))
            {
                yield return token;
            }

            _channel = channel;
        }

        yield return Text(text);
    }

    private IEnumerable<GenerationEvent.Token> Open(string recipient, string channel, string? type)
    {
        if (_hasSpoken)
        {
            yield return Special(HarmonyTokens.End);
            yield return Special(HarmonyTokens.Start);
            yield return Text("assistant");
        }

        _hasSpoken = true;
        yield return Text(recipient);
        yield return Special(HarmonyTokens.Channel);
        yield return Text(channel);
        if (type is not null)
        {
            yield return Text(" ");
            yield return Special(HarmonyTokens.Constrain);
            yield return Text(type);
        }

        yield return Special(HarmonyTokens.Message);
    }

    /// <summary>Servers have three names for it.</summary>
    private static string? FindReasoning(JsonElement delta) => delta.FindText("reasoning") ?? delta.FindText("reasoning_content") ?? delta.FindText("thinking");

    private static GenerationEvent.Token Text(string text) => new(-1, text, null, float.NaN);

    private static GenerationEvent.Token Special(string name) => new(-1, "", name, float.NaN);
}
