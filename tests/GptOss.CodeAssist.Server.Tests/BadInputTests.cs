using System.Diagnostics;
using System.Text;
using GptOss.CodeAssist.Server.Testing;

namespace GptOss.CodeAssist.Server.Tests;

public sealed class BadInputTests
{
    [Theory]
    [InlineData("{ this is not json")]
    [InlineData("[]")]
    [InlineData("5")]
    [InlineData("\"\"")]
    [InlineData("{}")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":5}""")]
    [InlineData("""{"jsonrpc":"2.0","id":{},"method":"x"}""")]
    [InlineData("""{"jsonrpc":"2.0","id":99,"error":{}}""")]
    public async Task A_frame_that_is_no_message_is_answered_logged_and_survived(string content)
    {
        await using var server = await ServerUnderTest.StartInitializedAsync();

        await server.Client.SendFrameAsync(content);

        Assert.Equal(-32700, (await server.Client.ClaimAsync("error without id")).GetProperty("code").GetInt32());
        Assert.Contains(server.Logger.Lines, line => line.Contains("not JSON-RPC", StringComparison.Ordinal));
        await server.Client.RequestAsync("gptOss/status");
    }

    [Theory]
    [InlineData("""{"jsonrpc":"2.0","id":17,"result":{}}""")]
    [InlineData("""{"jsonrpc":"2.0","method":"$/cancelRequest","params":{"id":12345}}""")]
    [InlineData("""{"jsonrpc":"2.0","method":"$/cancelRequest","params":{"id":"never"}}""")]
    [InlineData("""{"jsonrpc":"2.0","method":"textDocument/didChange","params":{"textDocument":{"uri":"file:///no.cs","version":2},"contentChanges":[{"text":""}]}}""")]
    [InlineData("""{"jsonrpc":"2.0","method":"textDocument/didChange","params":null}""")]
    [InlineData("""{"jsonrpc":"2.0","method":"textDocument/didClose","params":{"textDocument":{"uri":"file:///no.cs"}}}""")]
    public async Task A_message_that_makes_no_sense_is_survived_without_a_reply(string content)
    {
        await using var server = await ServerUnderTest.StartInitializedAsync();
        await server.Client.SendFrameAsync(content);
        await server.Client.RequestAsync("gptOss/status");
    }

    [Theory]
    [InlineData("Content-Length: 20\r\n\r\n{\"jsonrpc\":\"2.0\",\"method\":\"initialized\"}")]
    [InlineData("Content-Length: -5\r\n\r\n{}")]
    [InlineData("Content-Length: 0\r\n\r\n")]
    [InlineData("Content-Length: 99999999999999999999\r\n\r\n{}")]
    [InlineData("Content-Length: abc\r\n\r\n{}")]
    [InlineData("No-Length: 5\r\n\r\n{}")]
    [InlineData("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")]
    public async Task A_header_that_lies_ends_the_connection_with_exit_code_1_and_a_reason(string bytes)
    {
        await using var server = await ServerUnderTest.StartInitializedAsync();

        await server.Client.SendBytesAsync(Encoding.ASCII.GetBytes(bytes));

        // What was too short is garbage to the next header, which may be long in coming: the end of the stream brings it out.
        server.Client.Hangup();
        Assert.Equal(1, await server.WaitForExitAsync());
        server.Client.Ignore("error without id");
        Assert.Contains(server.Logger.Lines, line => line.StartsWith("Error: The connection ended: ", StringComparison.Ordinal) && line.Length > 40);
    }

    [Theory]
    [InlineData("")]
    [InlineData("Content-Le")]
    [InlineData("Content-Length: 500\r\n\r\n{\"jsonrpc\":")]
    public async Task A_stream_that_ends_without_exit_is_exit_code_1(string lastBytes)
    {
        await using var server = await ServerUnderTest.StartInitializedAsync();
        await server.Client.SendBytesAsync(Encoding.ASCII.GetBytes(lastBytes));
        server.Client.Hangup();
        Assert.Equal(1, await server.WaitForExitAsync());
    }

    [Fact]
    public async Task Closing_the_stream_cancels_what_is_running()
    {
        var (entered, cancelled) = (new TaskCompletionSource(), new TaskCompletionSource<bool>());
        var server = await ServerUnderTest.StartInitializedAsync(new ScriptedCompletionService().Script(async (_, token) =>
        {
            entered.SetResult();
            await using var registration = token.UnsafeRegister(_ => cancelled.SetResult(true), null);
            await Task.Delay(Timeout.InfiniteTimeSpan, token);
            throw new UnreachableException();
        }));
        await server.OpenAsync("file:///a.cs", "");
        await server.AskAsync("file:///a.cs", 0, 0);
        await entered.Task;

        server.Client.Hangup();

        Assert.True(await server.Client.Bounded(cancelled.Task, "the cancellation"));
        Assert.Equal(1, await server.WaitForExitAsync());
    }

    [Fact]
    public async Task The_server_leaves_when_the_editors_process_dies()
    {
        using var editor = Process.Start(new ProcessStartInfo("dotnet", "--info") { RedirectStandardOutput = true })!;
        await using var server = ServerUnderTest.Start();
        await server.Client.RequestAsync("initialize", $$$"""{"processId":{{{editor.Id}}},"capabilities":{}}""");

        editor.Kill();

        Assert.Equal(1, await server.WaitForExitAsync());
    }

    [Fact]
    public async Task Positions_from_another_world_are_answered_not_crashed_on()
    {
        const string Uri = "file:///a.cs";
        await using var server = await ServerUnderTest.StartInitializedAsync();
        await server.OpenAsync(Uri, "abc\ndef");
        foreach (var (line, character) in new[] { (-1, 0), (0, -1), (int.MaxValue, int.MaxValue), (0, int.MaxValue), (2, 0) })
        {
            await (await server.AskAsync(Uri, line, character)).Result;
            await server.Client.NotifyAsync(
                "textDocument/didChange",
                $$$"""{"textDocument":{"uri":"{{{Uri}}}","version":0},"contentChanges":[{"range":{"start":{"line":{{{line}}},"character":{{{character}}}},"end":{"line":0,"character":0}},"text":"x"}]}""");
        }

        var tooBig = await Assert.ThrowsAsync<LspErrorException>(() => server.Client.RequestAsync(
            "textDocument/inlineCompletion", $$$"""{"textDocument":{"uri":"{{{Uri}}}"},"position":{"line":99999999999,"character":0}}"""));
        Assert.Equal(-32602, tooBig.Code);
    }
}
