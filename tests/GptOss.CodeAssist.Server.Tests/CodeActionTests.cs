using System.Text.Json;
using GptOss.CodeAssist.Server.Testing;
using GptOss.CodeAssist.TestSupport;

namespace GptOss.CodeAssist.Server.Tests;

public sealed class CodeActionTests
{
    private const string Resolving = """
        {"textDocument":{"codeAction":{"dataSupport":true,"disabledSupport":true,"resolveSupport":{"properties":["edit"]}}},
         "workspace":{"applyEdit":true,"workspaceEdit":{"documentChanges":true,"resourceOperations":["create"],"changeAnnotationSupport":{}}},
         "window":{"showDocument":{"support":true}}}
        """;

    private const string Good = "```csharp\npublic int Total(int discount)\n{\n    return discount;\n}\n```";

    [Fact]
    public async Task Actions_are_listed_without_the_model_and_computed_when_chosen()
    {
        await using var assistant = await AssistantUnderTest.StartAsync(Resolving);
        assistant.Say(Good);

        var listed = await ListAsync(assistant);
        Assert.Empty(assistant.Engine.Requests);
        var fix = listed.EnumerateArray().First();
        Assert.Equal(("Fix CS0103: The name 'Missing' does not exist in the current context", "quickfix"), (fix.GetProperty("title").GetString(), fix.GetProperty("kind").GetString()));

        var resolved = await assistant.Client.RequestAsync("codeAction/resolve", fix.GetRawText());

        Assert.Equal(
            $$$"""{"documentChanges":[{"textDocument":{"uri":"{{{AssistantUnderTest.Uri}}}","version":3},"edits":[{"range":{"start":{"line":4,"character":15},"end":{"line":4,"character":22}},"newText":"discount"}]}]}""",
            resolved.GetProperty("edit").GetRawText());
    }

    [Fact]
    public async Task Only_the_kinds_that_the_editor_wants_are_listed()
    {
        await using var assistant = await AssistantUnderTest.StartAsync(Resolving);

        Assert.All((await ListAsync(assistant, """["refactor"]""")).EnumerateArray(), action => Assert.StartsWith("refactor.", action.GetProperty("kind").GetString(), StringComparison.Ordinal));
        Assert.Equal(["quickfix"], (await ListAsync(assistant, """["quickfix"]""")).EnumerateArray().Select(action => action.GetProperty("kind").GetString()));
        Assert.Empty((await ListAsync(assistant, """["source.organizeImports"]""")).EnumerateArray());
    }

    [Fact]
    public async Task An_editor_without_diagnostics_of_its_own_can_have_the_compilers_first_problem_fixed_and_names_it_later()
    {
        await using var assistant = await AssistantUnderTest.StartAsync(Resolving);
        assistant.Say(Good);

        var unknown = (await ListAsync(assistant, diagnostics: "")).EnumerateArray().First();
        Assert.Equal("Fix the first error or warning here", unknown.GetProperty("title").GetString());
        Assert.Contains("\"newText\":\"discount\"", (await assistant.Client.RequestAsync("codeAction/resolve", unknown.GetRawText())).GetProperty("edit").GetRawText(), StringComparison.Ordinal);

        // The background has the compiler's word after a while; until then an editor that asks by itself is not offered what may not be there.
        JsonElement first;
        do
        {
            first = (await ListAsync(assistant, diagnostics: "", trigger: 2)).EnumerateArray().First();
        }
        while (first.GetProperty("kind").GetString() != "quickfix");
        Assert.Equal("Fix CS0103: The name 'Missing' does not exist in the current context", first.GetProperty("title").GetString());
    }

    [Fact]
    public async Task An_editor_that_cannot_resolve_gets_commands_whose_edit_is_sent_to_it()
    {
        await using var assistant = await AssistantUnderTest.StartAsync("""{"workspace":{"applyEdit":true}}""");
        assistant.Say(Good);
        var command = (await ListAsync(assistant)).EnumerateArray().First().GetProperty("command");

        var pending = await assistant.Client.SendAsync("workspace/executeCommand", $$"""{"command":{{command.GetProperty("command").GetRawText()}},"arguments":{{command.GetProperty("arguments").GetRawText()}}}""");
        var sent = (await assistant.Client.ReplyAsync("workspace/applyEdit", """{"applied":true}""")).GetProperty("params");

        Assert.Equal(
            $$$"""{"changes":{"{{{AssistantUnderTest.Uri}}}":[{"range":{"start":{"line":4,"character":15},"end":{"line":4,"character":22}},"newText":"discount"}]}}""",
            sent.GetProperty("edit").GetRawText());
        Assert.Equal("""{"applied":true}""", (await pending.Result).GetRawText());
    }

    [Fact]
    public async Task An_edit_that_the_editor_did_not_apply_is_not_called_done()
    {
        await using var assistant = await AssistantUnderTest.StartAsync("""{"workspace":{"applyEdit":true}}""");
        assistant.Say(Good);

        var pending = await assistant.Client.SendAsync("workspace/executeCommand", $$$"""{"command":"gptOss.fix","arguments":[{"range":{{{Caret}}}}]}""");
        await assistant.Client.ReplyAsync("workspace/applyEdit", """{"applied":false,"failureReason":"read only"}""");

        Assert.Equal("""{"applied":false,"reason":{"code":"edit-not-applied","message":"The editor did not apply the edit. read only"}}""", (await pending.Result).GetRawText());
    }

    [Fact]
    public async Task An_editor_that_applies_nothing_is_shown_the_diff()
    {
        await using var assistant = await AssistantUnderTest.StartAsync();
        assistant.Say(Good);

        var result = await assistant.Client.RequestAsync("workspace/executeCommand", $$$"""{"command":"gptOss.fix","arguments":[{"range":{{{Caret}}}}]}""");

        Assert.Contains("-        return Missing;\n+        return discount;\n", result.GetProperty("markdown").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_change_that_stays_wrong_is_refused_and_can_be_looked_at()
    {
        await using var assistant = await AssistantUnderTest.StartAsync(Resolving);
        assistant.Say("```csharp\npublic int Total(int discount) => one;\n```").Say("```csharp\npublic int Total(int discount) => two;\n```");
        var fix = (await ListAsync(assistant)).EnumerateArray().First();

        var pending = await assistant.Client.SendAsync("codeAction/resolve", fix.GetRawText());
        var shown = (await assistant.Client.ReplyAsync("window/showDocument", """{"success":true}""")).GetProperty("params").GetProperty("uri").GetString()!;

        var refused = await Assert.ThrowsAsync<LspErrorException>(() => pending.Result);
        Assert.EndsWith((await assistant.Client.ClaimAsync("window/showMessage")).GetProperty("message").GetString()!, refused.Message, StringComparison.Ordinal);
        Assert.Equal(-32803, refused.Code);
        Assert.Contains("CS0103: The name 'two' does not exist", refused.Message, StringComparison.Ordinal);
        Assert.Contains("+    public int Total(int discount) => two;", await File.ReadAllTextAsync(new Uri(shown).LocalPath, TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_editor_that_can_ask_asks_whether_the_refused_change_is_to_be_shown()
    {
        await using var assistant = await AssistantUnderTest.StartAsync(Resolving.Replace("\"window\":{", "\"window\":{\"showMessage\":{},", StringComparison.Ordinal));
        assistant.Say("```csharp\npublic int Total(int discount) => one;\n```").Say("```csharp\npublic int Total(int discount) => two;\n```");

        // The answer does not wait for the person.
        var result = await assistant.Client.RequestAsync("workspace/executeCommand", $$$"""{"command":"gptOss.fix","arguments":[{"range":{{{Caret}}}}]}""");
        Assert.Equal("edit-rejected", result.GetProperty("reason").GetProperty("code").GetString());

        var asked = (await assistant.Client.ReplyAsync("window/showMessageRequest", """{"title":"Show the change"}""")).GetProperty("params");
        Assert.Contains("CS0103: The name 'two' does not exist", asked.GetProperty("message").GetString(), StringComparison.Ordinal);
        var shown = (await assistant.Client.ReplyAsync("window/showDocument", """{"success":true}""")).GetProperty("params").GetProperty("uri").GetString()!;
        Assert.Contains("+    public int Total(int discount) => two;", await File.ReadAllTextAsync(new Uri(shown).LocalPath, TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_editor_that_shows_no_documents_is_told_where_the_refused_change_can_be_read()
    {
        await using var assistant = await AssistantUnderTest.StartAsync("""{"textDocument":{"codeAction":{"dataSupport":true,"resolveSupport":{"properties":["edit"]}}}}""");
        assistant.Say("```csharp\npublic int Total(int discount) => one;\n```").Say("```csharp\npublic int Total(int discount) => two;\n```");
        var fix = (await ListAsync(assistant)).EnumerateArray().First();

        var refused = await Assert.ThrowsAsync<LspErrorException>(() => assistant.Client.RequestAsync("codeAction/resolve", fix.GetRawText()));

        await assistant.Client.ClaimAsync("window/showMessage");
        var path = refused.Message[(refused.Message.LastIndexOf(" in ", StringComparison.Ordinal) + 4)..];
        Assert.Contains("+    public int Total(int discount) => two;", await File.ReadAllTextAsync(path, TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"name":"Neovim","version":"0.12"}""")]
    [InlineData("""{"name":"Zed","version":"1"}""")]
    public async Task Why_nothing_came_of_an_action_is_told_once_in_editors_that_show_errors_and_in_those_that_do_not(string editor)
    {
        await using var assistant = await AssistantUnderTest.StartAsync(Resolving, clientInfo: editor);
        assistant.Say("```csharp\npublic int Total(int discount)\n{\n    return Missing;\n}\n```").Say("```csharp\npublic int Total(int discount)\n{\n    return Missing;\n}\n```");
        var simplify = (await ListAsync(assistant)).EnumerateArray().Single(action => action.GetProperty("title").GetString() == "Validate the arguments of Cart.Total");

        var refused = await Assert.ThrowsAsync<LspErrorException>(() => assistant.Client.RequestAsync("codeAction/resolve", simplify.GetRawText()));

        Assert.EndsWith("The model left the code as it is.", refused.Message, StringComparison.Ordinal);
        if (editor.Contains("Zed", StringComparison.Ordinal))
        {
            Assert.Equal("The model left the code as it is.", (await assistant.Client.ClaimAsync("window/showMessage")).GetProperty("message").GetString());
        }
    }

    [Fact]
    public async Task A_fix_of_which_nobody_knows_whether_it_is_one_asks_for_confirmation_and_says_why()
    {
        const string Foreign = """{"range":{"start":{"line":4,"character":15},"end":{"line":4,"character":22}},"severity":2,"code":"XYZ0001","message":"Do not."}""";
        await using var assistant = await AssistantUnderTest.StartAsync(Resolving);
        assistant.Say(Good);

        var fix = (await ListAsync(assistant, diagnostics: Foreign)).EnumerateArray().First();
        var edit = (await assistant.Client.RequestAsync("codeAction/resolve", fix.GetRawText())).GetProperty("edit");

        const string Doubt = "The change compiles, but whether XYZ0001 is gone could not be told: no analyzer here reports it.";
        Assert.Equal("gptOss/unverified", edit.GetProperty("documentChanges")[0].GetProperty("edits")[0].GetProperty("annotationId").GetString());
        Assert.Equal($$$"""{"gptOss/unverified":{"label":"Perhaps no fix of XYZ0001","needsConfirmation":true,"description":"{{{Doubt}}}"}}""", edit.GetProperty("changeAnnotations").GetRawText());
        Assert.Equal(Doubt, (await assistant.Client.ClaimAsync("window/showMessage")).GetProperty("message").GetString());
    }

    [Fact]
    public async Task A_change_of_a_file_that_belongs_to_no_project_says_that_it_was_only_parsed()
    {
        await using var assistant = await AssistantUnderTest.StartAsync("""{"workspace":{"applyEdit":true}}""");
        var uri = new Uri(TestSolution.PathOf("Elsewhere", "Loose.cs")).AbsoluteUri;
        await assistant.Server.OpenAsync(uri, AssistantUnderTest.Text);
        assistant.Say(Good);

        var pending = await assistant.Client.SendAsync("workspace/executeCommand", $$$"""{"command":"gptOss.doc","arguments":[{"textDocument":{"uri":"{{{uri}}}"},"range":{{{Caret}}}}]}""");
        await assistant.Client.ReplyAsync("workspace/applyEdit", """{"applied":true}""");

        Assert.Equal("""{"applied":true}""", (await pending.Result).GetRawText());
        Assert.Equal("The change was parsed and not compiled: its file belongs to no project that is loaded.", (await assistant.Client.ClaimAsync("window/showMessage")).GetProperty("message").GetString());
    }

    [Fact]
    public async Task An_action_for_an_older_text_is_refused()
    {
        await using var assistant = await AssistantUnderTest.StartAsync(Resolving);
        var fix = (await ListAsync(assistant)).EnumerateArray().First();
        await assistant.Client.NotifyAsync("textDocument/didChange", $$$"""{"textDocument":{"uri":"{{{AssistantUnderTest.Uri}}}","version":4},"contentChanges":[{"text":"class A { }"}]}""");

        var refused = await Assert.ThrowsAsync<LspErrorException>(() => assistant.Client.RequestAsync("codeAction/resolve", fix.GetRawText()));

        Assert.Equal(-32801, refused.Code);
    }

    [Fact]
    public async Task Progress_tells_what_is_being_done()
    {
        await using var assistant = await AssistantUnderTest.StartAsync();
        assistant.Say("It adds.");

        var result = await assistant.Client.RequestAsync("workspace/executeCommand", $$$"""{"command":"gptOss.explain","arguments":[{"range":{{{Caret}}}}],"workDoneToken":9}""");

        Assert.Equal("""{"markdown":"It adds."}""", result.GetRawText());
        var told = new List<string>();
        do
        {
            var value = (await assistant.Client.ClaimAsync("$/progress")).GetProperty("value");
            told.Add(value.TryGetProperty("message", out var message) ? message.GetString()! : value.GetProperty("kind").GetString()!);
        }
        while (told[^1] != "end");
        Assert.Equal(["begin", "Thinking", "Writing", "end"], told);
    }

    [Fact]
    public async Task With_a_model_that_cannot_chat_the_actions_are_shown_disabled_with_the_reason()
    {
        await using var assistant = await AssistantUnderTest.StartAsync(Resolving, ScriptedEngine.FimModel);

        Assert.All((await ListAsync(assistant)).EnumerateArray(), action =>
            Assert.Contains("model pull gpt-oss-20b", action.GetProperty("disabled").GetProperty("reason").GetString(), StringComparison.Ordinal));
    }

    private const string Caret = """{"start":{"line":4,"character":16},"end":{"line":4,"character":16}}""";

    /// <summary>What an editor with a C# server of its own knows of the place.</summary>
    private const string Known = """{"range":{"start":{"line":4,"character":15},"end":{"line":4,"character":22}},"severity":1,"code":"CS0103","source":"csharp","message":"The name 'Missing' does not exist in the current context"}""";

    private static Task<JsonElement> ListAsync(AssistantUnderTest assistant, string? only = null, string diagnostics = Known, int trigger = 1) => assistant.Client.RequestAsync(
        "textDocument/codeAction",
        $$$"""{"textDocument":{"uri":"{{{AssistantUnderTest.Uri}}}"},"range":{{{Caret}}},"context":{"diagnostics":[{{{diagnostics}}}],"triggerKind":{{{trigger}}}{{{(only is null ? "" : $",\"only\":{only}")}}}}}""");
}
