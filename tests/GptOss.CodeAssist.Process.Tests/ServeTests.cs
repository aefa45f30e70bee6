using System.Text;

namespace GptOss.CodeAssist.Process.Tests;

public sealed class ServeTests
{
    [Theory]
    [InlineData("Content-Length: -1\r\n\r\n{}")]
    [InlineData("Content-Length: 7\r\n\r\n{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"initialize\",\"params\":{}}")]
    [InlineData("hello, is anybody there?\r\n\r\n")]
    public async Task A_header_that_lies_ends_the_process_with_code_1_and_the_reason_on_stderr(string bytes)
    {
        await using var server = SpawnedServer.Start();

        await server.Client.SendBytesAsync(Encoding.ASCII.GetBytes(bytes));
        server.Client.Hangup();

        var (code, errors) = await server.WaitForExitAsync();
        Assert.Equal(1, code);
        Assert.Contains("The connection ended:", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Malformed_json_is_answered_and_the_process_goes_on()
    {
        await using var server = SpawnedServer.Start();

        await server.Client.SendFrameAsync("""{"jsonrpc":"2.0","id":1,"meth""");

        Assert.Equal(-32700, (await server.Client.ClaimAsync("error without id")).GetProperty("code").GetInt32());
        await server.InitializeAsync();
        await server.Client.RequestAsync("shutdown");
        await server.Client.NotifyAsync("exit");
        var (code, errors) = await server.WaitForExitAsync();
        Assert.Equal(0, code);
        Assert.Contains("not JSON-RPC", errors, StringComparison.Ordinal);
        server.Client.AssertNothingUnclaimed();
    }

    [Fact]
    public async Task The_end_of_stdin_ends_the_process_with_code_1()
    {
        await using var server = SpawnedServer.Start();
        await server.InitializeAsync();
        server.Client.Hangup();
        Assert.Equal(1, (await server.WaitForExitAsync()).Code);
    }

    [Fact]
    public async Task Half_a_message_and_the_end_of_stdin_end_the_process_with_code_1()
    {
        await using var server = SpawnedServer.Start();
        await server.Client.SendBytesAsync("Content-Length: 1000\r\n\r\n{\"jsonrpc\":"u8.ToArray());
        server.Client.Hangup();
        Assert.Equal(1, (await server.WaitForExitAsync()).Code);
    }

    [Fact]
    public async Task Without_a_model_completion_is_empty_the_log_says_why_and_the_server_goes_on()
    {
        await using var server = SpawnedServer.Start("--model", "/no/such/model.gguf");
        await server.InitializeAsync();
        await server.Client.NotifyAsync("initialized", "{}");
        Assert.Contains("/no/such/model.gguf", (await server.Client.ClaimAsync("window/logMessage")).GetProperty("message").GetString(), StringComparison.Ordinal);
        await server.Client.NotifyAsync("textDocument/didOpen", """{"textDocument":{"uri":"file:///a.cs","languageId":"csharp","version":1,"text":"class A { int _x ="}}""");

        var result = await server.Client.RequestAsync("textDocument/inlineCompletion", """{"textDocument":{"uri":"file:///a.cs"},"position":{"line":0,"character":18},"context":{"triggerKind":1}}""");

        Assert.Equal("""{"items":[]}""", result.GetRawText());
        var status = await server.Client.RequestAsync("gptOss/status");
        Assert.Equal(("failed", "model-unavailable"), (status.GetProperty("state").GetString(), status.GetProperty("lastEmptyAnswer").GetProperty("code").GetString()));
        await server.Client.RequestAsync("shutdown");
        await server.Client.NotifyAsync("exit");
        Assert.Equal(0, (await server.WaitForExitAsync()).Code);
        server.Client.AssertNothingUnclaimed();
    }
}
