using System.Text.Json;
using GptOss.CodeAssist.Server.Testing;

namespace GptOss.CodeAssist.Server.Tests;

public sealed class LifecycleTests
{
    [Fact]
    public async Task Initialize_answers_with_what_the_server_can_do()
    {
        await using var server = ServerUnderTest.Start();

        var result = await server.Client.RequestAsync("initialize", """{"processId":null,"rootUri":null,"capabilities":{},"somethingNew":[1,2]}""");

        Assert.Equal(
            """{"capabilities":{"positionEncoding":"utf-16","textDocumentSync":{"openClose":true,"change":2,"save":{"includeText":false}},"inlineCompletionProvider":{},"completionProvider":{},"executeCommandProvider":{"commands":["gptOss.didAcceptCompletion"]}},"serverInfo":{"name":"gptoss-codeassist","version":"1.2.3"}}""",
            result.GetRawText());
    }

    [Fact]
    public async Task A_request_before_initialize_is_refused()
    {
        await using var server = ServerUnderTest.Start();

        var error = await Assert.ThrowsAsync<LspErrorException>(() => server.Client.RequestAsync("textDocument/inlineCompletion", """{"textDocument":{"uri":"file:///a.cs"},"position":{"line":0,"character":0}}"""));

        Assert.Equal(-32002, error.Code);
        await server.Client.RequestAsync("initialize", """{"capabilities":{}}""");
    }

    [Fact]
    public async Task A_second_initialize_is_refused()
    {
        await using var server = await ServerUnderTest.StartInitializedAsync();

        var error = await Assert.ThrowsAsync<LspErrorException>(() => server.Client.RequestAsync("initialize", """{"capabilities":{}}"""));

        Assert.Equal(-32600, error.Code);
    }

    [Fact]
    public async Task A_request_after_shutdown_is_refused_and_exit_still_works()
    {
        await using var server = await ServerUnderTest.StartInitializedAsync();
        Assert.Equal(JsonValueKind.Null, (await server.Client.RequestAsync("shutdown")).ValueKind);

        var error = await Assert.ThrowsAsync<LspErrorException>(() => server.Client.RequestAsync("gptOss/status"));

        Assert.Equal(-32600, error.Code);
        await server.Client.NotifyAsync("exit");
        Assert.Equal(0, await server.WaitForExitAsync());
    }

    [Fact]
    public async Task Exit_without_shutdown_is_exit_code_1()
    {
        await using var server = await ServerUnderTest.StartInitializedAsync();
        await server.Client.NotifyAsync("exit");
        Assert.Equal(1, await server.WaitForExitAsync());
    }

    [Theory]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{}")]
    public async Task Shutdown_and_exit_sent_in_one_breath_still_get_the_reply_out(string parameters)
    {
        await using var server = await ServerUnderTest.StartInitializedAsync();
        var shutdown = await server.Client.SendAsync("shutdown", parameters);
        await server.Client.NotifyAsync("exit");
        Assert.Equal(0, await server.WaitForExitAsync());
        Assert.Equal(JsonValueKind.Null, (await shutdown.Result).ValueKind);
    }

    [Fact]
    public async Task Being_told_to_stop_is_exit_code_0()
    {
        await using var server = await ServerUnderTest.StartInitializedAsync();
        await server.StopAsync();
        Assert.Equal(0, await server.WaitForExitAsync());
    }

    [Fact]
    public async Task An_unknown_method_is_not_found_and_an_unknown_notification_ignored()
    {
        await using var server = await ServerUnderTest.StartInitializedAsync();
        await server.Client.NotifyAsync("$/neverHeardOf", "{}");
        await server.Client.NotifyAsync("neither/this", "[]");

        var unknown = await Assert.ThrowsAsync<LspErrorException>(() => server.Client.RequestAsync("textDocument/telepathy", "{}"));
        var unsupported = await Assert.ThrowsAsync<LspErrorException>(() => server.Client.RequestAsync("textDocument/hover", "{}"));

        Assert.Equal((-32601, -32601), (unknown.Code, unsupported.Code));
    }
}
