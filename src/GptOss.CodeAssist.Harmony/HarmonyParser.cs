using System.Collections.Immutable;
using System.Text;
using GptOss.CodeAssist.Inference;

namespace GptOss.CodeAssist.Harmony;

/// <summary>Reads what a model says, token by token, as messages on channels.</summary>
/// <remarks>
/// Structure is recognised by special tokens only, never by text that spells one. About four turns in a hundred carry a malformed header
/// (llama.cpp issue 27720), so by default every departure is read as well as it can be and reported as <see cref="HarmonyEvent.Malformed"/>.
/// Not thread-safe; one parser reads one stream.
/// </remarks>
public sealed class HarmonyParser
{
    private readonly HarmonyParserOptions _options;
    private readonly ImmutableArray<HarmonyMessage>.Builder _messages = ImmutableArray.CreateBuilder<HarmonyMessage>();
    private readonly List<HarmonyEvent> _events = [];
    private readonly StringBuilder _content = new();
    private readonly Decoder _utf8 = Encoding.UTF8.GetDecoder();

    // Exactly one of these is set while a message is being read; neither is between messages.
    private HarmonyHeaderText? _header;
    private HarmonyHeader? _current;

    private char? _highSurrogate;

    public HarmonyParser(HarmonyParserOptions? options = null)
    {
        _options = options ?? new HarmonyParserOptions();
        switch (_options.Opening)
        {
            case AssistantOpening.Header:
                _header = new HarmonyHeaderText(roleIsKnown: true);
                break;
            case AssistantOpening.Final or AssistantOpening.FinalAfterAnalysis:
                _current = new HarmonyHeader { Role = HarmonyRole.Assistant, Channel = HarmonyChannels.Final };
                break;
        }
    }

    /// <summary>The messages that have ended, in order. A prefilled message holds what came after the prefill.</summary>
    public ImmutableArray<HarmonyMessage> Messages => _messages.ToImmutable();

    /// <summary>Reads one token of an engine's stream.</summary>
    /// <exception cref="HarmonyFormatException">Strict only.</exception>
    public IReadOnlyList<HarmonyEvent> Read(GenerationEvent.Token token)
    {
        _events.Clear();
        Accept(token.Text);
        if ((token.Special ?? _options.TokenIds?.Names.GetValueOrDefault(token.Id)) is { } special)
        {
            AcceptSpecial(special);
        }

        return [.. _events];
    }

    /// <summary>Reads one special token.</summary>
    /// <inheritdoc cref="Read(GenerationEvent.Token)" path="/exception"/>
    public IReadOnlyList<HarmonyEvent> ReadSpecial(string name)
    {
        _events.Clear();
        AcceptSpecial(name);
        return [.. _events];
    }

    /// <summary>Reads ordinary text.</summary>
    /// <inheritdoc cref="Read(GenerationEvent.Token)" path="/exception"/>
    public IReadOnlyList<HarmonyEvent> ReadText(string text)
    {
        _events.Clear();
        Accept(text);
        return [.. _events];
    }

    /// <summary>Reads the bytes of an ordinary token; a character may be split between tokens. Bytes that are not UTF-8 become U+FFFD.</summary>
    /// <inheritdoc cref="Read(GenerationEvent.Token)" path="/exception"/>
    public IReadOnlyList<HarmonyEvent> ReadBytes(ReadOnlySpan<byte> utf8)
    {
        _events.Clear();
        Accept(Decode(utf8, flush: false));
        return [.. _events];
    }

    /// <summary>Reads the end of an engine's stream, with the text and the stop token that it held back.</summary>
    /// <inheritdoc cref="Read(GenerationEvent.Token)" path="/exception"/>
    public IReadOnlyList<HarmonyEvent> Finish(GenerationEvent.Finished finished)
    {
        _events.Clear();
        Accept(finished.RemainingText);
        if (finished.Reason == FinishReason.StopToken && finished.StoppedBy is { } special)
        {
            AcceptSpecial(special);
        }
        else if (finished.Reason == FinishReason.EndOfGeneration)
        {
            AcceptSpecial(HarmonyTokens.Return);
        }
        else if (finished.Reason == FinishReason.StopString)
        {
            EndMessage(complete: true);
        }

        AcceptEnd();
        return [.. _events];
    }

    /// <summary>Reads the end of a stream that stopped by itself: a message still open is incomplete.</summary>
    /// <inheritdoc cref="Read(GenerationEvent.Token)" path="/exception"/>
    public IReadOnlyList<HarmonyEvent> Finish()
    {
        _events.Clear();
        AcceptEnd();
        return [.. _events];
    }

    private void Accept(string text)
    {
        if (_highSurrogate is { } high)
        {
            text = high + text;
            _highSurrogate = null;
        }

        if (text.Length > 0 && char.IsHighSurrogate(text[^1]))
        {
            (_highSurrogate, text) = (text[^1], text[..^1]);
        }

        if (text.Length > 0)
        {
            AcceptText(text.Any(char.IsSurrogate) ? WithoutLoneSurrogates(text) : text);
        }
    }

    private void AcceptText(string text)
    {
        if (_current is not null)
        {
            AddContent(text);
            return;
        }

        if (_header is null)
        {
            if (string.IsNullOrWhiteSpace(text))
            {
                return;
            }

            ReportMalformed("text between messages");
            _header = new HarmonyHeaderText(roleIsKnown: true);
        }

        _header.Append(text);
        if (_header.IsContent)
        {
            ReportMalformed("content without <|message|>");
            RecoverHeader();
        }
    }

    private void AcceptSpecial(string name)
    {
        FlushCharacters();
        switch (name)
        {
            case HarmonyTokens.Start:
                EndUnfinished("<|start|> inside a message");
                _header = new HarmonyHeaderText(roleIsKnown: false);
                break;
            case HarmonyTokens.Channel:
                if (_current is not null)
                {
                    EndUnfinished("<|channel|> inside content");
                }

                GetHeader("<|channel|> between messages").BeginChannel();
                break;
            case HarmonyTokens.Constrain when _current is null:
                GetHeader("<|constrain|> between messages").BeginConstrain();
                break;
            case HarmonyTokens.Message when _current is null:
                BeginContent(GetHeader("<|message|> between messages"));
                break;
            case HarmonyTokens.End or HarmonyTokens.Return or HarmonyTokens.Call or HarmonyTokens.EndOfText:
                if (_header is { IsEmpty: false })
                {
                    ReportMalformed("a message without <|message|>");
                    RecoverHeader();
                }

                _header = null;
                EndMessage(complete: true);
                break;
            default:
                ReportMalformed($"{name} inside a message");
                break;
        }
    }

    private void AcceptEnd()
    {
        FlushCharacters();
        if (_header is { IsEmpty: false })
        {
            ReportMalformed("the stream ended inside a header");
            RecoverHeader();
        }

        _header = null;
        EndMessage(complete: false);
    }

    private HarmonyHeaderText GetHeader(string problem)
    {
        if (_header is null)
        {
            ReportMalformed(problem);
            _header = new HarmonyHeaderText(roleIsKnown: true);
        }

        return _header;
    }

    private void BeginContent(HarmonyHeaderText text)
    {
        var (header, problem) = text.Read();
        if (problem is not null)
        {
            ReportMalformed(problem);
        }

        _header = null;
        _current = header;
        _events.Add(new HarmonyEvent.MessageStarted(header));
    }

    private void RecoverHeader()
    {
        var (header, content) = _header!.Recover();
        _header = null;
        _current = header;
        _events.Add(new HarmonyEvent.MessageStarted(header));
        AddContent(content);
    }

    private void AddContent(string text)
    {
        if (text.Length > 0)
        {
            _content.Append(text);
            _events.Add(new HarmonyEvent.ContentDelta(_current!, text));
        }
    }

    /// <summary>Another message begins although this one was not ended. A header that is all there was is dropped.</summary>
    private void EndUnfinished(string problem)
    {
        if (_current is not null || _header is { IsEmpty: false })
        {
            ReportMalformed(problem);
        }

        if (_header is { IsEmpty: false } && _header.Recover().Content.Length > 0)
        {
            RecoverHeader();
        }

        _header = null;
        EndMessage(complete: true);
    }

    private void EndMessage(bool complete)
    {
        if (_current is not { } header)
        {
            return;
        }

        var message = new HarmonyMessage(header, new HarmonyContent.Text(_content.ToString()));
        _current = null;
        _content.Clear();
        _messages.Add(message);
        _events.Add(new HarmonyEvent.MessageEnded(message, complete));
    }

    private void FlushCharacters()
    {
        var rest = Decode([], flush: true);
        if (_highSurrogate is not null)
        {
            _highSurrogate = null;
            rest = "\uFFFD" + rest;
        }

        if (rest.Length > 0)
        {
            AcceptText(rest);
        }
    }

    private string Decode(ReadOnlySpan<byte> utf8, bool flush)
    {
        var characters = new char[_utf8.GetCharCount(utf8, flush)];
        return new string(characters, 0, _utf8.GetChars(utf8, characters, flush));
    }

    // Half a character would make the text unfit for JSON.
    private static string WithoutLoneSurrogates(string text) => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));

    private void ReportMalformed(string problem)
    {
        if (_options.Strict)
        {
            throw new HarmonyFormatException($"Not Harmony: {problem}.");
        }

        _events.Add(new HarmonyEvent.Malformed(problem));
    }
}
