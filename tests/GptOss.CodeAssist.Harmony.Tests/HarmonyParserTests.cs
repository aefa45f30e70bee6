using System.Collections.Immutable;
using System.Text;
using CsCheck;
using GptOss.CodeAssist.Inference;

namespace GptOss.CodeAssist.Harmony.Tests;

public sealed class HarmonyParserTests
{
    [Fact]
    public void Reasoning_and_answer_are_told_apart() => Check(
        "<|channel|>analysis<|message|>Simple.<|end|><|start|>assistant<|channel|>final<|message|>It yields.<|return|>",
        """
        Assistant on analysis [Reasoning]: Simple.
        Assistant on final [Answer]: It yields.
        """);

    [Theory]
    [InlineData("<|channel|>commentary to=functions.f <|constrain|>json<|message|>{}<|call|>", "AfterChannel", "strict json")]
    [InlineData("<|channel|>commentary to=functions.f<|constrain|>json<|message|>{}<|call|>", "AfterChannel", "strict json")]
    [InlineData(" to=functions.f<|channel|>commentary <|constrain|>json<|message|>{}<|call|>", "AfterRole", "strict json")]
    [InlineData(" to=functions.f<|channel|>commentary<|constrain|>json<|message|>{}<|call|>", "AfterRole", "strict json")]
    [InlineData(" to=functions.f<|channel|>commentary json<|message|>{}<|call|>", "AfterRole", "json")]
    [InlineData("<|channel|>commentary functions.f <|constrain|>json<|message|>{}<|call|>", "AfterChannel", "strict json")]
    public void A_recipient_is_found_wherever_it_stands(string stream, string placement, string type) =>
        Check(stream, $"Assistant to functions.f {placement} on commentary as {type} [ToolCall]: {{}}", new HarmonyParserOptions { Strict = true });

    [Fact]
    public void A_preamble_is_for_the_user_and_a_call_follows() => Check(
        "<|channel|>commentary<|message|>I look it up.<|end|><|start|>assistant to=functions.f<|channel|>commentary code<|message|>{}<|call|>",
        """
        Assistant on commentary [Preamble]: I look it up.
        Assistant to functions.f AfterRole on commentary as code [ToolCall]: {}
        """);

    [Fact]
    public void Constrained_answers_need_no_recipient() => Check(
        "<|channel|>final <|constrain|>json<|message|>{\"a\":1}<|return|>",
        """Assistant on final as strict json [Answer]: {"a":1}""",
        new HarmonyParserOptions { Strict = true });

    [Fact]
    public void A_whole_conversation_can_be_read_with_its_tools() => Check(
        "<|start|>user:ann<|message|>hi<|end|><|start|>functions.f to=assistant<|channel|>commentary<|message|>42<|end|><|start|>lookup to=assistant<|message|>43<|end|>",
        """
        User ann on - [Answer]: hi
        Tool functions.f to assistant AfterRole on commentary [Preamble]: 42
        Tool lookup to assistant AfterRole on - [Answer]: 43
        """,
        new HarmonyParserOptions { Opening = null, Strict = true });

    [Fact]
    public void An_analysis_that_ends_with_return_is_over() => Check(
        "<|channel|>analysis<|message|>a<|return|><|start|>assistant<|channel|>final<|message|>b<|return|>",
        """
        Assistant on analysis [Reasoning]: a
        Assistant on final [Answer]: b
        """);

    [Theory]
    [InlineData("I must refuse<|end|>", "! a message without <|message|>\nAssistant on - [Answer]: I must refuse")]
    [InlineData("<|channel|>analysis I must refuse<|end|>", "! a message without <|message|>\nAssistant on analysis [Reasoning]: I must refuse")]
    [InlineData("<|channel|>commentary to=functions.f {}<|call|>", "! a message without <|message|>\nAssistant to functions.f AfterRole on commentary [ToolCall]: {}")]
    [InlineData("just text", "! the stream ended inside a header\nAssistant on - [Answer]: just text (incomplete)")]
    [InlineData("<|channel|>commentary?<|message|>x<|end|>", "! there is no channel \"commentary?\"\nAssistant on commentary [Preamble]: x")]
    [InlineData("<|channel|>––commentary to=functions.f<|message|>x<|call|>", "! there is no channel \"––commentary\"\nAssistant to functions.f AfterChannel on commentary [ToolCall]: x")]
    [InlineData("<|channel|>??<|message|>x<|end|>", "! there is no channel \"??\"\nAssistant on ?? [Preamble]: x")]
    [InlineData("<|channel|><|message|>x<|end|>", "! the channel has no name\nAssistant on - [Answer]: x")]
    [InlineData("<|channel|>commentary<|channel|>commentary to=assistant<|message|>x<|end|>", "! the header names two channels\nAssistant to assistant AfterChannel on commentary [Preamble]: x")]
    [InlineData("<|channel|>final the words!<|message|>x<|end|>", "! \"the\" has no place in a header; \"words!\" has no place in a header\nAssistant on final [Answer]: x")]
    [InlineData("<|channel|>final answer<|message|>x<|end|>", "! \"answer\" has no place in a header\nAssistant on final [Answer]: x")]
    [InlineData("<|channel|>analysis<|message|>a<|channel|>final<|message|>b<|return|>", "! <|channel|> inside content\nAssistant on analysis [Reasoning]: a\n! <|channel|> between messages\nAssistant on final [Answer]: b")]
    [InlineData("<|channel|>analysis<|message|>a<|start|>assistant<|channel|>final<|message|>b<|return|>", "! <|start|> inside a message\nAssistant on analysis [Reasoning]: a\nAssistant on final [Answer]: b")]
    [InlineData("<|channel|>analysis<|message|>a<|end|>assistant<|channel|>final<|message|>b<|return|>", "Assistant on analysis [Reasoning]: a\n! text between messages\nAssistant on final [Answer]: b")]
    [InlineData("<|channel|>analysis<|message|>a<|end|>\n<|start|>assistant<|channel|>final<|message|>b<|return|>", "Assistant on analysis [Reasoning]: a\nAssistant on final [Answer]: b")]
    [InlineData("<|channel|>final<|message|>a<|message|>b<|constrain|>c<|return|>", "! <|message|> inside a message\n! <|constrain|> inside a message\nAssistant on final [Answer]: abc")]
    [InlineData("<|channel|>final<|message|>cut", "Assistant on final [Answer]: cut (incomplete)")]
    [InlineData("<|channel|>commentary<|start|>assistant<|channel|>final<|message|>b<|return|>", "! <|start|> inside a message\nAssistant on final [Answer]: b")]
    [InlineData("lost words<|start|>assistant<|channel|>final<|message|>b<|return|>", "! <|start|> inside a message\nAssistant on - [Answer]: lost words\nAssistant on final [Answer]: b")]
    [InlineData("<|channel|>final<|message|>a<|reserved_200013|>b<|endoftext|>", "! <|reserved_200013|> inside a message\nAssistant on final [Answer]: ab")]
    public void What_models_really_say_is_read_as_well_as_it_can_be(string stream, string expected) => Check(stream, expected);

    [Theory]
    [InlineData("I must refuse<|end|>")]
    [InlineData("<|channel|>analysis I must refuse<|end|>")]
    [InlineData("<|channel|>commentary?<|message|>x<|end|>")]
    [InlineData("<|channel|>final<|message|>a<|channel|>")]
    [InlineData("<|channel|>final<|message|>a<|end|>text")]
    [InlineData("<|channel|>final")]
    [InlineData("<|channel|>final<|message|>a<|end|><|start|>nobody<|message|>")]
    public void A_strict_parser_refuses_what_the_format_does_not_allow(string stream) =>
        Assert.Throws<HarmonyFormatException>(() => HarmonyText.Parse(stream, new HarmonyParserOptions { Strict = true }));

    [Fact]
    public void Text_without_any_markup_streams_as_an_answer_once_it_cannot_be_a_header()
    {
        var parser = new HarmonyParser();

        Assert.Empty(parser.ReadText("Use a loop:"));
        var events = parser.ReadText("\nfor");

        Assert.Equal("Use a loop:\nfor", Assert.Single(events.OfType<HarmonyEvent.ContentDelta>()).Text);
        Assert.Equal(" each", Assert.Single(parser.ReadText(" each").OfType<HarmonyEvent.ContentDelta>()).Text);
        Assert.False(Assert.Single(parser.Finish().OfType<HarmonyEvent.MessageEnded>()).Complete);
    }

    [Fact]
    public void A_prefilled_answer_is_content_from_its_first_token()
    {
        Check("int x;<|return|>", "Assistant on final [Answer]: int x;", new HarmonyParserOptions { Opening = new AssistantOpening.Final("var y = 1; "), Strict = true });
    }

    [Fact]
    public void Text_that_spells_a_special_token_is_content()
    {
        var parser = new HarmonyParser(new HarmonyParserOptions { Opening = new AssistantOpening.Final("") });

        parser.ReadText("<|end|><|start|>");
        parser.ReadSpecial(HarmonyTokens.Return);

        Assert.Equal("<|end|><|start|>", Assert.Single(parser.Messages).TextContent);
    }

    [Fact]
    public void Special_tokens_may_come_as_numbers()
    {
        var parser = new HarmonyParser(new HarmonyParserOptions { TokenIds = HarmonyTokenIds.O200kHarmony, Strict = true });
        foreach (var (id, text) in new[] { (200005, ""), (17196, "final"), (200008, ""), (1, "yes"), (200002, "") })
        {
            parser.Read(new GenerationEvent.Token(id, text, null, 0));
        }

        Assert.Equal(HarmonyMessage.Assistant(HarmonyChannels.Final, "yes"), Assert.Single(parser.Messages));
    }

    [Theory]
    [InlineData(FinishReason.StopToken, "<|call|>", true)]
    [InlineData(FinishReason.StopToken, "<|return|>", true)]
    [InlineData(FinishReason.EndOfGeneration, null, true)]
    [InlineData(FinishReason.StopString, "```", true)]
    [InlineData(FinishReason.TokenLimit, null, false)]
    [InlineData(FinishReason.ContextFull, null, false)]
    public void The_last_message_is_complete_when_the_model_ended_it(FinishReason reason, string? stoppedBy, bool complete)
    {
        var parser = new HarmonyParser();
        parser.ReadSpecial(HarmonyTokens.Channel);
        parser.ReadText("final");
        parser.ReadSpecial(HarmonyTokens.Message);
        var usage = new GenerationUsage { PromptTokens = 1, ReusedTokens = 0, GeneratedTokens = 1 };

        var events = parser.Finish(new GenerationEvent.Finished(reason, usage) { RemainingText = "rest", StoppedBy = stoppedBy });

        Assert.Equal(complete, Assert.Single(events.OfType<HarmonyEvent.MessageEnded>()).Complete);
        Assert.Equal("rest", Assert.Single(parser.Messages).TextContent);
    }

    [Fact]
    public void Characters_may_be_split_between_tokens_in_any_way()
    {
        const string Text = "Grüße 👋🏾 שלום こんにちは 👩‍👧";
        Gen.Int[1, 5].Array[40].Sample(lengths =>
        {
            var parser = new HarmonyParser(new HarmonyParserOptions { Opening = new AssistantOpening.Final("") });
            var bytes = Encoding.UTF8.GetBytes(Text);
            var said = new StringBuilder();
            for (var (at, i) = (0, 0); at < bytes.Length; at += lengths[i++ % lengths.Length])
            {
                var length = Math.Min(lengths[i % lengths.Length], bytes.Length - at);
                Collect(parser.ReadBytes(bytes.AsSpan(at, length)));
            }

            Collect(parser.Finish());
            return said.ToString() == Text && parser.Messages.Single().TextContent == Text;

            void Collect(IReadOnlyList<HarmonyEvent> events) => said.AppendJoin("", events.OfType<HarmonyEvent.ContentDelta>().Select(delta => delta.Text));
        });
    }

    [Fact]
    public void Broken_characters_are_replaced()
    {
        var parser = new HarmonyParser(new HarmonyParserOptions { Opening = new AssistantOpening.Final("") });

        parser.ReadBytes([0x20, 0xF0, 0x9F]);
        parser.ReadText("a\uD83D");
        parser.ReadText("\uDE0Ab\uD83D");
        parser.ReadText("c\uDE0A");
        parser.Finish();

        Assert.DoesNotContain(parser.Messages.Single().TextContent.EnumerateRunes(), rune => rune.Value is >= 0xD800 and <= 0xDFFF);
        Assert.Contains("a😊b\uFFFDc\uFFFD", parser.Messages.Single().TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_rendered_is_parsed_back()
    {
        var name = OneOf("functions.find", "functions.read_range", "browser.open");
        var content = Gen.String[Gen.Char["ab<|>{}\"\n é👋"], 0, 30].Select(text => new HarmonyContent.Text(Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text))));
        var message = Gen.OneOf(
            content.Select(text => HarmonyMessage.User(text.Value)),
            Gen.Select(OneOf("analysis", "commentary", "final"), content, (channel, text) => HarmonyMessage.Assistant(channel, text.Value)),
            Gen.Select(name, content, Gen.Enum<RecipientPlacement>(), (to, text, placement) => HarmonyMessage.ToolCall(to, text.Value, placement)),
            Gen.Select(name, content, (from, text) => HarmonyMessage.ToolResult(from, text.Value)));
        Gen.Select(message.List[0, 8], Gen.Int[1, 7]).Sample((conversation, pieceLength) =>
        {
            var parser = new HarmonyParser(new HarmonyParserOptions { Opening = null, Strict = true });
            foreach (var part in HarmonyRenderer.RenderConversation(conversation, HistoryRule.KeepEverything))
            {
                if (part is PromptPart.Special special)
                {
                    parser.ReadSpecial(special.Name);
                }
                else if (part is PromptPart.Text text)
                {
                    foreach (var piece in text.Value.Chunk(pieceLength))
                    {
                        parser.ReadText(new string(piece));
                    }
                }
            }

            parser.Finish();
            return parser.Messages.SequenceEqual(conversation);
        });
    }

    [Fact]
    public void No_stream_of_tokens_makes_a_lenient_parser_throw_or_lose_text()
    {
        string[] vocabulary =
        [
            "<|start|>", "<|end|>", "<|message|>", "<|channel|>", "<|constrain|>", "<|return|>", "<|call|>", "<|endoftext|>", "<|reserved_200013|>",
            "assistant", "analysis", "commentary", "final", " to=functions.f", "to=", " ", "\n", "json", "??", ":", "x", "\uD83D", "\uDE0A", "user", "a much longer piece of text than any header has",
        ];
        AssistantOpening?[] openings = [null, new AssistantOpening.Header(), new AssistantOpening.Final("x")];
        Gen.Select(Gen.Int[0, vocabulary.Length - 1].Array[0, 60], OneOf(openings)).Sample((tokens, opening) =>
        {
            var parser = new HarmonyParser(new HarmonyParserOptions { Opening = opening });
            var events = new List<HarmonyEvent>();
            foreach (var token in tokens.Select(index => vocabulary[index]))
            {
                events.AddRange(parser.Read(token.StartsWith("<|", StringComparison.Ordinal) ? HarmonyText.Token("", token) : HarmonyText.Token(token)));
            }

            events.AddRange(parser.Finish());
            var deltas = string.Concat(events.OfType<HarmonyEvent.ContentDelta>().Select(delta => delta.Text));
            var balanced = events.OfType<HarmonyEvent.MessageEnded>().Count() - events.OfType<HarmonyEvent.MessageStarted>().Count();
            return deltas == string.Concat(parser.Messages.Select(message => message.TextContent))
                && balanced == (opening is AssistantOpening.Final ? 1 : 0)
                && !parser.Finish().Any();
        });
    }

    [Fact]
    public void The_stop_sets_end_a_turn_and_a_single_message()
    {
        Assert.Equal(["<|return|>", "<|call|>", "<|endoftext|>"], HarmonyStops.Turn);
        Assert.Equal(["<|return|>", "<|end|>", "<|call|>", "<|endoftext|>", "<|start|>", "<|channel|>"], HarmonyStops.SingleMessage);
    }

    private static Gen<T> OneOf<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(index => values[index]);

    private static void Check(string stream, string expected, HarmonyParserOptions? options = null)
    {
        ImmutableArray<int> pieceLengths = [1, 3, 1000];
        Assert.All(pieceLengths, length => Assert.Equal(expected, HarmonyText.Parse(stream, options, length)));
    }
}
