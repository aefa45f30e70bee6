using GptOss.CodeAssist.Assistant.Chat;
using GptOss.CodeAssist.Assistant.CodeActions;
using GptOss.CodeAssist.Assistant.Prompts;
using GptOss.CodeAssist.Server.Testing;
using GptOss.CodeAssist.TestSupport;
using Microsoft.Extensions.Logging.Abstractions;

namespace GptOss.CodeAssist.Server.Tests;

public sealed class ChatTests
{
    [Fact]
    public async Task An_answer_streams_as_partial_results_and_comes_whole_at_the_end()
    {
        await using var assistant = await AssistantUnderTest.StartAsync();
        assistant.Engine.Say("<|channel|>", "analysis", "<|message|>", "Hm.", "<|end|>", "<|start|>", "assistant", "<|channel|>", "final", "<|message|>", "It ", "sums.", "<|return|>");

        var result = await assistant.Client.RequestAsync("gptOss/chat", """{"message":"What does it do?","conversationId":"c","effort":"low","partialResultToken":"p"}""");

        Assert.Equal("""{"text":"It sums.","reasoning":"Hm.","toolCalls":0,"droppedTurns":0}""", result.GetRawText());
        Assert.Equal("""{"token":"p","value":{"kind":"reasoning","text":"Hm."}}""", (await assistant.Client.ClaimAsync("$/progress")).GetRawText());
        Assert.Equal("""{"token":"p","value":{"kind":"answer","text":"It "}}""", (await assistant.Client.ClaimAsync("$/progress")).GetRawText());
        Assert.Equal("""{"token":"p","value":{"kind":"answer","text":"sums."}}""", (await assistant.Client.ClaimAsync("$/progress")).GetRawText());
    }

    [Fact]
    public async Task A_selection_and_an_open_file_can_be_referred_to()
    {
        await using var assistant = await AssistantUnderTest.StartAsync();
        assistant.Say("ok");

        await assistant.Client.RequestAsync(
            "gptOss/chat",
            $$"""{"message":"Why #selection?","textDocument":{"uri":"{{AssistantUnderTest.Uri}}"},"range":{"start":{"line":4,"character":8},"end":{"line":4,"character":23} } }""");

        var prompt = string.Concat(assistant.Engine.Requests.Single().Prompt.OfType<Inference.PromptPart.Text>().Select(part => part.Value));
        Assert.Contains("Selection in Cart.cs:\n```\nreturn Missing;\n```\n", prompt, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_look_up_is_shown_in_the_partial_results_and_the_conversation_can_be_forgotten()
    {
        await using var assistant = await AssistantUnderTest.StartAsync();
        assistant.Engine.Say("<|channel|>", "commentary to=functions.find_symbol ", "<|constrain|>", "json", "<|message|>", """{"name":"Total"}""", "<|call|>");
        assistant.Say("There.");
        assistant.Say("New.");

        await assistant.Client.RequestAsync("gptOss/chat", """{"message":"Where is Total?","conversationId":"c","partialResultToken":1}""");
        Assert.Equal("""find_symbol(name: "Total")""", (await assistant.Client.ClaimAsync("$/progress")).GetProperty("value").GetProperty("text").GetString());
        Assert.Equal("public int Cart.Total(int discount)  Shop/Cart.cs:3", (await assistant.Client.ClaimAsync("$/progress")).GetProperty("value").GetProperty("text").GetString());
        assistant.Client.Ignore("$/progress");

        await assistant.Client.RequestAsync("gptOss/resetChat", """{"conversationId":"c"}""");
        await assistant.Client.RequestAsync("gptOss/chat", """{"message":"Again","conversationId":"c"}""");
        Assert.DoesNotContain("Where is Total?", string.Concat(assistant.Engine.Requests.Last().Prompt), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Cancelling_stops_the_model()
    {
        await using var assistant = await AssistantUnderTest.StartAsync();
        assistant.SayForever();

        var pending = await assistant.Client.SendAsync("gptOss/chat", """{"message":"Talk","partialResultToken":"p"}""");
        await assistant.Client.ClaimAsync("$/progress");
        await assistant.Client.CancelAsync(pending.Id);

        Assert.Equal(-32800, (await Assert.ThrowsAsync<LspErrorException>(() => pending.Result)).Code);
    }

    [Fact]
    public async Task The_person_can_cancel_where_the_progress_is_shown()
    {
        await using var assistant = await AssistantUnderTest.StartAsync("""{"window":{"workDoneProgress":true}}""");
        assistant.SayForever();

        var pending = await assistant.Client.SendAsync("gptOss/chat", """{"message":"Talk","partialResultToken":"p"}""");
        var token = (await assistant.Client.ReplyAsync("window/workDoneProgress/create")).GetProperty("params").GetProperty("token").GetRawText();
        while (!(await assistant.Client.ClaimAsync("$/progress")).GetRawText().Contains("begun", StringComparison.Ordinal))
        {
        }

        await assistant.Client.NotifyAsync("window/workDoneProgress/cancel", $$"""{"token":{{token}}}""");

        Assert.Equal(-32800, (await Assert.ThrowsAsync<LspErrorException>(() => pending.Result)).Code);
        Assert.Contains($$$"""{"token":{{{token}}},"value":{"kind":"end"} }""".Replace(" ", "", StringComparison.Ordinal), assistant.Client.Log, StringComparison.Ordinal);
        assistant.Client.Ignore("$/progress");
    }

    [Fact]
    public async Task The_command_answers_with_markdown_and_opens_it()
    {
        await using var assistant = await AssistantUnderTest.StartAsync("""{"window":{"showDocument":{"support":true}}}""");
        assistant.Say("**Sums.**");

        var pending = await assistant.Client.SendAsync("workspace/executeCommand", """{"command":"gptOss.chat","arguments":["What?"]}""");
        var shown = (await assistant.Client.ReplyAsync("window/showDocument", """{"success":true}""")).GetProperty("params").GetProperty("uri").GetString()!;

        Assert.Equal("""{"markdown":"**Sums.**"}""", (await pending.Result).GetRawText());
        Assert.EndsWith(".md", shown, StringComparison.Ordinal);
        Assert.Equal("**Sums.**", await File.ReadAllTextAsync(new Uri(shown).LocalPath, TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData("gptOss/chat", """{"message":"Hi"}""")]
    [InlineData("workspace/executeCommand", """{"command":"gptOss.chat","arguments":["Hi"]}""")]
    [InlineData("workspace/executeCommand", """{"command":"gptOss.explain"}""")]
    [InlineData("workspace/executeCommand", """{"command":"gptOss.fix"}""")]
    [InlineData("workspace/executeCommand", """{"command":"gptOss.tests"}""")]
    [InlineData("workspace/executeCommand", """{"command":"gptOss.doc"}""")]
    [InlineData("workspace/executeCommand", """{"command":"gptOss.edit","arguments":[{"message":"x"}]}""")]
    public async Task A_model_that_cannot_chat_names_the_command_that_fetches_one(string method, string parameters)
    {
        await using var assistant = await AssistantUnderTest.StartAsync(model: ScriptedEngine.FimModel);

        var result = await assistant.Client.RequestAsync(method, parameters);

        Assert.Equal("cannot-chat", result.GetProperty("reason").GetProperty("code").GetString());
        Assert.Contains("gptoss-codeassist model pull gpt-oss-20b", result.GetProperty("reason").GetProperty("message").GetString(), StringComparison.Ordinal);
        assistant.Client.Ignore("window/showMessage");
    }

    [Theory]
    [InlineData("gptOss/chat", """{"message":"Hi","effort":"heroic"}""")]
    [InlineData("gptOss/chat", "{}")]
    [InlineData("workspace/executeCommand", """{"command":"gptOss.dance"}""")]
    [InlineData("workspace/executeCommand", """{"command":"gptOss.chat"}""")]
    [InlineData("workspace/executeCommand", """{"command":"gptOss.chat","arguments":[{"message":7}]}""")]
    [InlineData("workspace/executeCommand", """{"command":"gptOss.action","arguments":[{"action":"dance"}]}""")]
    [InlineData("workspace/executeCommand", """{"command":"gptOss.explain","arguments":[{"textDocument":{"uri":"file:///not/open.cs"}}]}""")]
    public async Task Nonsense_is_refused_in_words(string method, string parameters)
    {
        await using var assistant = await AssistantUnderTest.StartAsync();

        var refused = await Assert.ThrowsAsync<LspErrorException>(() => assistant.Client.RequestAsync(method, parameters));

        Assert.Equal(-32602, refused.Code);
    }

    [Fact]
    public async Task A_server_without_chat_says_so()
    {
        await using var server = await ServerUnderTest.StartInitializedAsync();

        var refused = await Assert.ThrowsAsync<LspErrorException>(() => server.Client.RequestAsync("gptOss/chat", """{"message":"Hi"}"""));

        Assert.Equal((-32601, "-32601: This server was started without chat."), (refused.Code, refused.Message));
    }

    [Fact]
    public async Task The_commands_are_announced()
    {
        await using var engine = new ScriptedEngine();
        using var solution = new TestSolution();
        await using var server = ServerUnderTest.Start(
            chat: new ChatService(engine, _ => solution, PromptLibrary.BuiltInOnly, new ChatOptions(), NullLogger.Instance),
            actions: new CodeActionService(engine, _ => solution, PromptLibrary.BuiltInOnly, NullLogger.Instance));

        var initialized = await server.Client.RequestAsync("initialize", """{"processId":null,"rootUri":null,"capabilities":{}}""");

        Assert.Equal(
            """["gptOss.didAcceptCompletion","gptOss.chat","gptOss.explain","gptOss.fix","gptOss.tests","gptOss.doc","gptOss.edit","gptOss.action"]""",
            initialized.GetProperty("capabilities").GetProperty("executeCommandProvider").GetProperty("commands").GetRawText());
        Assert.Equal(
            """{"codeActionKinds":["quickfix","refactor.extract","refactor.rewrite","gptOss.explain"],"resolveProvider":true}""",
            initialized.GetProperty("capabilities").GetProperty("codeActionProvider").GetRawText());
    }
}
