using GptOss.CodeAssist.Harmony;
using GptOss.CodeAssist.TestSupport.Serving;

namespace GptOss.CodeAssist.Inference.OpenAi.Tests;

public sealed class ChatTests
{
    private static readonly HarmonyMessage[] Conversation =
    [
        HarmonyMessage.System(new HarmonyContent.System { Effort = ReasoningEffort.High }),
        HarmonyMessage.Developer(new HarmonyContent.Developer { Instructions = "Be brief." }),
        HarmonyMessage.User("What is `<|end|>`?"),
        HarmonyMessage.Assistant(HarmonyChannels.Analysis, "Look it up."),
        HarmonyMessage.ToolCall("functions.find", """{"name":"x"}"""),
        HarmonyMessage.ToolResult("functions.find", "a marker"),
    ];

    [Fact]
    public async Task A_conversation_is_handed_over_with_its_calls_its_functions_and_its_effort()
    {
        await using var test = new EngineUnderTest(ServerKind.Ollama);

        await TalkAsync(test, new AssistantOpening.Header(), [new OfferedFunction("find", "Finds.", """{"type":"object"}""")]);

        var body = test.Server.Requests.Last().Body!;
        body.Remove("stream_options");
        Assert.Equal(
            """
            {"model":"openai/gpt-oss-20b","messages":[{"role":"system","content":"Be brief."},{"role":"user","content":"What is `<|end|>`?"},{"role":"assistant","content":"","tool_calls":[{"id":"call_1","type":"function","function":{"name":"find","arguments":"{\u0022name\u0022:\u0022x\u0022}"}}],"reasoning":"Look it up."},{"role":"tool","tool_call_id":"call_1","content":"a marker"}],"max_tokens":64,"temperature":0,"top_p":1,"stream":true,"tools":[{"type":"function","function":{"name":"find","description":"Finds.","parameters":{"type":"object"}}}],"reasoning_effort":"high"}
            """,
            body.ToJsonString().Replace("\\u003C", "<", StringComparison.Ordinal).Replace("\\u003E", ">", StringComparison.Ordinal).Replace("\\u0060", "`", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Thoughts_and_answer_are_read_as_Harmony_and_markers_in_them_are_text()
    {
        await using var test = new EngineUnderTest(ServerKind.LmStudio);
        test.Server.Says = _ => [ServedPiece.Special("<|think|>"), "They ", "ask.", ServedPiece.Special("<|answer|>"), "It is ", "<|end|>", "."];

        var messages = await TalkAsync(test, new AssistantOpening.Header());

        Assert.Equal([("analysis", "They ask."), ("final", "It is <|end|>.")], messages.Select(message => (message.Header.Channel, message.TextContent)));
    }

    [Fact]
    public async Task A_call_is_read_as_a_call()
    {
        await using var test = new EngineUnderTest(ServerKind.Ollama);
        test.Server.Says = _ => [ServedPiece.Special("<|think|>"), "Look.", ServedPiece.Special("<|call|>"), "find", "{\"name\":", "\"x\"}"];

        var messages = await TalkAsync(test, new AssistantOpening.Header());

        Assert.Equal((HarmonyContentKind.ToolCall, "functions.find", """{"name":"x"}"""), (messages[^1].Header.Kind, messages[^1].Header.Recipient, messages[^1].TextContent));
        Assert.Equal(2, messages.Count);
    }

    [Fact]
    public async Task Who_must_answer_is_not_offered_functions_and_begins_as_it_was_told()
    {
        await using var test = new EngineUnderTest(ServerKind.Ollama);
        test.Server.Says = _ => [ServedPiece.Special("<|think|>"), "Hm.", ServedPiece.Special("<|answer|>"), "```csh", "arp\nvar x;"];

        var messages = await TalkAsync(test, new AssistantOpening.FinalAfterAnalysis("Thought.", "```csharp\n"));

        Assert.Equal("var x;", Assert.Single(messages).TextContent);
        Assert.Null(test.Server.Requests.Last().Body!["tools"]);
    }

    [Fact]
    public async Task A_stop_string_ends_the_answer()
    {
        await using var test = new EngineUnderTest(ServerKind.Ollama);
        test.Server.Says = _ => ["one ", "st", "op", " two"];
        var prompt = HarmonyRenderer.RenderPrompt(Conversation, new AssistantOpening.Header());

        var events = await test.AskAsync(new GenerationRequest { Prompt = prompt, MaxTokens = 64, StopStrings = ["stop"] });

        Assert.EndsWith("one  (StopString stop)", EngineUnderTest.Describe(events), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_takes_prompts_gets_the_conversation_as_one()
    {
        await using var test = new EngineUnderTest(ServerKind.Vllm);
        test.Server.Says = _ => [ServedPiece.Special("<|channel|>"), "final", ServedPiece.Special("<|message|>"), "Yes.", ServedPiece.Special("<|return|>")];

        var messages = await TalkAsync(test, new AssistantOpening.Header());

        Assert.Equal("Yes.", Assert.Single(messages).TextContent);
        Assert.Equal(test.Expect(HarmonyRenderer.RenderPrompt(Conversation, new AssistantOpening.Header()))[^2..], test.Server.Requests.Last().Prompt[^2..]);
    }

    private static async Task<IReadOnlyList<HarmonyMessage>> TalkAsync(EngineUnderTest test, AssistantOpening opening, params OfferedFunction[] functions)
    {
        var parser = new HarmonyParser(new HarmonyParserOptions { Opening = opening, Strict = true });
        foreach (var happened in await test.AskAsync(new GenerationRequest { Prompt = HarmonyRenderer.RenderPrompt(Conversation, opening), MaxTokens = 64, StopTokens = HarmonyStops.Turn, Functions = [.. functions] }))
        {
            _ = happened switch
            {
                GenerationEvent.Token token => parser.Read(token),
                GenerationEvent.Finished finished => parser.Finish(finished),
                _ => [],
            };
        }

        return parser.Messages;
    }
}
