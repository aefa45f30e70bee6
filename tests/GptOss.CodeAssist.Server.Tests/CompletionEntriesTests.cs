using System.Text.Json;
using GptOss.CodeAssist.Assistant.Completion;
using GptOss.CodeAssist.Server.Testing;
using Microsoft.CodeAnalysis.Text;
using Microsoft.Extensions.Time.Testing;

namespace GptOss.CodeAssist.Server.Tests;

/// <summary><c>textDocument/completion</c>, for editors without inline completion.</summary>
public sealed class CompletionEntriesTests
{
    private const string Uri = "file:///work/a.cs";
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public async Task A_person_who_asks_gets_entries_that_are_marked_as_ours()
    {
        var completion = new ScriptedCompletionService().Answer(request => new CompletionAnswer { Candidates = [new CompletionCandidate("id-1", "te();\n    y();", new TextSpan(request.Offset, 1))], Model = "starter" });
        await using var server = await ServerUnderTest.StartInitializedAsync(completion, time: _time);
        await server.OpenAsync(Uri, "x.Wri)");
        _time.Advance(TimeSpan.FromSeconds(1));

        var result = await AskAsync(server, triggerKind: 1);

        // Escapes are the serializer's business.
        Assert.True(JsonElement.DeepEquals(JsonDocument.Parse(
            """{"isIncomplete":false,"items":[{"label":"Write(); \u2026","kind":15,"detail":"gptoss-codeassist: starter","documentation":{"kind":"markdown","value":"```csharp\nWrite();\n    y();\n```"},"sortText":"~0","filterText":"Write();\n    y();","insertTextFormat":1,"insertTextMode":1,"textEdit":{"range":{"start":{"line":0,"character":2},"end":{"line":0,"character":6}},"newText":"Write();\n    y();"},"command":{"title":"Completion accepted","command":"gptOss.didAcceptCompletion","arguments":["id-1"]}}]}""").RootElement, result), result.GetRawText());
        Assert.Equal(CompletionTrigger.Invoked, Assert.Single(completion.Requests).Trigger);
    }

    [Fact]
    public async Task An_entry_brings_the_namespace_that_it_needs()
    {
        var completion = new ScriptedCompletionService().Answer(request => new CompletionAnswer { Candidates = [new CompletionCandidate("id-1", "te();", new TextSpan(request.Offset, 0)) { Usings = ["System.Text"] }] });
        await using var server = await ServerUnderTest.StartInitializedAsync(completion, time: _time);
        await server.OpenAsync(Uri, "x.Wri\n");
        _time.Advance(TimeSpan.FromSeconds(1));

        var entry = (await AskAsync(server, triggerKind: 1)).GetProperty("items")[0];

        Assert.Equal("""[{"range":{"start":{"line":0,"character":0},"end":{"line":0,"character":0}},"newText":"using System.Text;\n\n"}]""", entry.GetProperty("additionalTextEdits").GetRawText());
        Assert.Equal("""["id-1"]""", entry.GetProperty("command").GetProperty("arguments").GetRawText());
    }

    [Fact]
    public async Task A_person_who_types_gets_nothing_at_once_and_no_model_is_asked()
    {
        var completion = new ScriptedCompletionService();
        await using var server = await ServerUnderTest.StartInitializedAsync(completion, time: _time);
        await server.OpenAsync(Uri, "x.Wr");
        _time.Advance(TimeSpan.FromSeconds(1));
        await server.Client.NotifyAsync("textDocument/didChange", $$"""{"textDocument":{"uri":"{{Uri}}","version":2},"contentChanges":[{"text":"x.Wri)"}]}""");
        _time.Advance(TimeSpan.FromMilliseconds(250));

        Assert.Equal("""{"isIncomplete":false,"items":[]}""", (await AskAsync(server, triggerKind: 1)).GetRawText());
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal("""{"isIncomplete":false,"items":[]}""", (await AskAsync(server, triggerKind: 2)).GetRawText());
        Assert.Empty(completion.Requests);
        var status = await server.Client.RequestAsync("gptOss/status");
        Assert.Equal(2, status.GetProperty("emptyAnswers").GetProperty("not-asked").GetInt32());
        Assert.False(status.TryGetProperty("lastEmptyAnswer", out _));
    }

    [Theory]
    [InlineData("{}", true)]
    [InlineData("""{"textDocument":{"inlineCompletion":{}}}""", false)]
    public async Task Editors_with_ghost_text_are_offered_no_entries(string capabilities, bool offered)
    {
        await using var server = ServerUnderTest.Start();

        var result = await server.Client.RequestAsync("initialize", $$"""{"processId":null,"rootUri":null,"capabilities":{{capabilities}}}""");

        Assert.Equal(offered, result.GetProperty("capabilities").TryGetProperty("completionProvider", out _));
    }

    private static Task<JsonElement> AskAsync(ServerUnderTest server, int triggerKind) => server.Client.RequestAsync(
        "textDocument/completion", $$$"""{"textDocument":{"uri":"{{{Uri}}}"},"position":{"line":0,"character":5},"context":{"triggerKind":{{{triggerKind}}}}}""");
}
