using GptOss.CodeAssist.Inference;
using GptOss.CodeAssist.Server.Testing;
using GptOss.CodeAssist.TestSupport;

namespace GptOss.CodeAssist.Server.Tests;

public sealed class StatusTests
{
    [Fact]
    public async Task Status_names_the_model_and_the_version()
    {
        await using var server = await ServerUnderTest.StartInitializedAsync();

        var status = await server.Client.RequestAsync("gptOss/status", "{}");

        Assert.Equal("""{"state":"ready","model":"scripted","requestsInFlight":0,"serverVersion":"1.2.3"}""", status.GetRawText());
    }

    [Fact]
    public async Task Loading_is_shown_as_progress_to_an_editor_that_can_show_it()
    {
        var engine = new ScriptedEngine();
        engine.ChangeStatus(new EngineStatus.Loading(0.25));
        await using var server = await ServerUnderTest.StartInitializedAsync(engine: engine, capabilities: """{"window":{"workDoneProgress":true}}""");

        var create = await server.Client.ReplyAsync("window/workDoneProgress/create");
        Assert.Equal("""{"token":"gptOss/model-load"}""", create.GetProperty("params").GetRawText());
        Assert.Equal(
            """{"token":"gptOss/model-load","value":{"kind":"begin","title":"Loading the model","percentage":25,"cancellable":false}}""",
            (await server.Client.ClaimAsync("$/progress")).GetRawText());

        engine.ChangeStatus(new EngineStatus.Loading(0.5));
        Assert.Equal("""{"token":"gptOss/model-load","value":{"kind":"report","percentage":50}}""", (await server.Client.ClaimAsync("$/progress")).GetRawText());

        engine.ChangeStatus(new EngineStatus.Ready(ScriptedEngine.FimModel));
        Assert.Equal("""{"token":"gptOss/model-load","value":{"kind":"end","message":"scripted"}}""", (await server.Client.ClaimAsync("$/progress")).GetRawText());
    }

    [Fact]
    public async Task An_editor_without_progress_is_told_nothing_of_loading_but_can_ask()
    {
        var engine = new ScriptedEngine();
        engine.ChangeStatus(new EngineStatus.Loading(0.25));
        await using var server = await ServerUnderTest.StartInitializedAsync(engine: engine);

        var status = await server.Client.RequestAsync("gptOss/status");

        Assert.Equal(("loading", 0.25), (status.GetProperty("state").GetString(), status.GetProperty("loadFraction").GetDouble()));
    }

    [Fact]
    public async Task A_model_that_cannot_be_had_is_told_once_in_the_editors_log()
    {
        var engine = new ScriptedEngine();
        engine.ChangeStatus(new EngineStatus.Failed(InferenceError.ModelNotFound, "There is no model at /models/x.gguf."));
        await using var server = await ServerUnderTest.StartInitializedAsync(engine: engine);

        var line = await server.Client.ClaimAsync("window/logMessage");

        Assert.Equal("""{"type":1,"message":"gptoss-codeassist: There is no model at /models/x.gguf."}""", line.GetRawText());
    }

    [Fact]
    public async Task Status_changes_are_told_to_an_editor_that_wants_them()
    {
        var engine = new ScriptedEngine();
        engine.ChangeStatus(new EngineStatus.Loading(0.5));
        await using var server = await ServerUnderTest.StartInitializedAsync(engine: engine, capabilities: """{"experimental":{"gptOss":{"statusNotification":true}}}""");
        Assert.Equal("loading", (await server.Client.ClaimAsync("gptOss/didChangeStatus")).GetProperty("state").GetString());

        engine.ChangeStatus(new EngineStatus.Ready(ScriptedEngine.FimModel));
        Assert.Equal("scripted", (await server.Client.ClaimAsync("gptOss/didChangeStatus")).GetProperty("model").GetString());

        await (await server.AskAsync("file:///not/open.cs", 0, 0)).Result;
        var told = await server.Client.ClaimAsync("gptOss/didChangeStatus");
        Assert.Equal("""{"code":"unknown-document","message":"The document is not open."}""", told.GetProperty("lastEmptyAnswer").GetRawText());
    }
}
