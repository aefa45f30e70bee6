using GptOss.CodeAssist.TestSupport.Serving;

namespace GptOss.CodeAssist.Inference.OpenAi.Tests;

public sealed class ServerKeyTests
{
    private const string Key = "k-4711-nobody-may-see";

    [Fact]
    public async Task The_key_goes_to_the_server_with_every_request_and_is_read_anew_for_each()
    {
        var reads = 0;
        await using var test = new EngineUnderTest(ServerKind.LlamaServer, key: new ServerKey("a test", () => $" {Key}{++reads}\n"));

        await test.SayAsync(EngineUnderTest.Prefilled("x"));

        Assert.All(test.Server.Requests, request => Assert.StartsWith($"Bearer {Key}", request.Authorization, StringComparison.Ordinal));
        Assert.Equal(test.Server.Requests.Count, test.Server.Requests.Select(request => request.Authorization).Distinct().Count());
    }

    [Theory]
    [InlineData(401)]
    [InlineData(403)]
    [InlineData(400)]
    [InlineData(500)]
    [InlineData(429)]
    [InlineData(404)]
    public async Task No_message_and_no_log_holds_the_key_even_where_the_server_repeats_it(int status)
    {
        await using var test = new EngineUnderTest(ServerKind.Vllm, key: new ServerKey("the file key.txt", () => Key));
        await test.ReadyAsync();
        test.Server.Misbehave = (_, _) => ServedReply.Refuse(status, $"Incorrect API key provided: {Key}", "Retry-After: 60");

        var refused = await Assert.ThrowsAsync<InferenceException>(() => test.SayAsync(EngineUnderTest.Prefilled("x")));

        Assert.DoesNotContain(Key, refused.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain(Key, test.Log, StringComparison.Ordinal);
        Assert.DoesNotContain(Key, test.Engine.Status.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("two words")]
    [InlineData("two\nlines")]
    [InlineData("ключ-от-дома")]
    public async Task What_is_no_key_is_not_sent_and_not_shown(string nonsense)
    {
        await using var test = new EngineUnderTest(ServerKind.Vllm, key: new ServerKey("the file key.txt", () => nonsense));

        var refused = await Assert.ThrowsAsync<InferenceException>(test.ReadyAsync);

        Assert.Empty(test.Server.Requests);
        Assert.Contains("the file key.txt", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(nonsense, refused + test.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_wants_a_key_says_where_to_put_one()
    {
        await using var test = new EngineUnderTest(ServerKind.LlamaServer, prepare: server => server.Misbehave = (request, _) => request.Path == "/tokenize" ? ServedReply.Refuse(401, "Invalid API Key") : null);

        var refused = await Assert.ThrowsAsync<InferenceException>(test.ReadyAsync);

        Assert.Contains("server.keyVariable", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_key_file_that_cannot_be_read_is_named()
    {
        await using var test = new EngineUnderTest(ServerKind.Vllm, key: new ServerKey("missing.txt", () => File.ReadAllText(Path.Combine(Path.GetTempPath(), "there is no such file"))));

        var refused = await Assert.ThrowsAsync<InferenceException>(test.ReadyAsync);

        Assert.Contains("missing.txt", refused.Message, StringComparison.Ordinal);
    }
}
