using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using GptOss.CodeAssist.TestSupport.Serving;

namespace GptOss.CodeAssist.Inference.OpenAi.Tests;

public sealed class MisbehaviourTests
{
    private static readonly GenerationRequest Request = EngineUnderTest.Prefilled("x");

    [Fact]
    public async Task A_busy_server_is_asked_again_when_it_said()
    {
        await using var test = new EngineUnderTest(ServerKind.Vllm);
        await test.ReadyAsync();
        Fail(test, times: 2, ServedReply.Refuse(429, "Too many", "Retry-After: 1"));

        var asking = test.SayAsync(Request);
        await test.Time.AdvanceOverAsync(due => due == TimeSpan.FromSeconds(1), test.Stop);
        await test.Time.AdvanceOverAsync(due => due == TimeSpan.FromSeconds(1), test.Stop);

        Assert.Equal("Hello world (StopToken <|return|>)", await asking);
    }

    [Fact]
    public async Task Nobody_who_types_waits_for_a_server_that_is_busy_for_long()
    {
        await using var test = new EngineUnderTest(ServerKind.Vllm);
        await test.ReadyAsync();
        Fail(test, times: 1, ServedReply.Refuse(429, "Too many", "Retry-After: 30"));

        var refused = await Assert.ThrowsAsync<InferenceException>(() => test.SayAsync(Request));

        Assert.Equal(InferenceError.QueueFull, refused.Error);
        Assert.IsType<EngineStatus.Ready>(test.Engine.Status);
    }

    [Theory]
    [InlineData(503)]
    [InlineData(502)]
    [InlineData(0)]
    public async Task What_passes_before_the_first_token_is_tried_again_with_growing_pauses(int status)
    {
        await using var test = new EngineUnderTest(ServerKind.LlamaServer);
        await test.ReadyAsync();
        // The progress of the prompt is no answer yet.
        Fail(test, times: 2, status > 0 ? ServedReply.Refuse(status, "Loading model") : ServedReply.Events(new JsonObject { ["prompt_progress"] = new JsonObject { ["processed"] = 1 } }) with { Drops = true });

        var asking = test.SayAsync(Request);
        var first = await test.Time.AdvanceOverAsync(due => due < TimeSpan.FromSeconds(2), test.Stop);
        var second = await test.Time.AdvanceOverAsync(due => due < TimeSpan.FromSeconds(2), test.Stop);

        Assert.Equal("Hello world (StopToken <|return|>)", await asking);
        Assert.InRange(first.TotalMilliseconds, 125, 375);
        Assert.InRange(second.TotalMilliseconds, 250, 750);
    }

    [Theory]
    [InlineData(ServerKind.Vllm)]
    [InlineData(ServerKind.LlamaServer)]
    public async Task A_server_that_is_lost_in_the_middle_is_not_asked_again_and_is_found_when_it_is_back(ServerKind kind)
    {
        await using var test = new EngineUnderTest(kind);
        await test.ReadyAsync();
        var restarting = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        test.Engine.StatusChanged += status => _ = status is EngineStatus.Restarting lost && restarting.TrySetResult(lost.Reason);
        test.Server.Misbehave = (request, usual) => request.Body?["stream"] is not null ? usual with { Pieces = usual.Pieces[..2], Drops = true } : null;

        var lost = await Assert.ThrowsAsync<InferenceException>(() => test.SayAsync(Request));

        Assert.Equal(InferenceError.EngineLost, lost.Error);
        Assert.Equal(lost.Message, await restarting.Task.WaitAsync(test.Stop));
        Assert.Single(test.Server.Requests, request => request.Body?["stream"] is not null);
        test.Server.Misbehave = null;
        Assert.Equal("Hello world (StopToken <|return|>)", await test.SayAsync(Request));
    }

    [Fact]
    public async Task A_stream_that_ends_without_an_end_was_broken_off()
    {
        await using var test = new EngineUnderTest(ServerKind.Vllm);
        await test.ReadyAsync();
        test.Server.Misbehave = (request, usual) => request.Body?["stream"] is not null ? usual with { Pieces = usual.Pieces[..1] } : null;

        var lost = await Assert.ThrowsAsync<InferenceException>(() => test.SayAsync(Request));

        Assert.Equal(InferenceError.EngineLost, lost.Error);
    }

    [Fact]
    public async Task A_question_that_meets_a_closing_connection_is_asked_again()
    {
        await using var test = new EngineUnderTest(ServerKind.LlamaServer, MarkedTokenizer.FillIn);
        await test.ReadyAsync();
        test.Server.Says = _ => ["Hello"];
        var times = 2;
        test.Server.Misbehave = (request, usual) => request.Path == "/tokenize" && Interlocked.Decrement(ref times) >= 0 ? usual with { Pieces = [], Drops = true } : null;

        var asking = test.SayAsync(new GenerationRequest { Prompt = [new PromptPart.Text("class")], MaxTokens = 8 });
        await test.Time.AdvanceOverAsync(due => due < TimeSpan.FromMilliseconds(76), test.Stop);
        await test.Time.AdvanceOverAsync(due => due < TimeSpan.FromMilliseconds(151), test.Stop);

        Assert.Equal("Hello (EndOfGeneration)", await asking);
        Assert.IsType<EngineStatus.Ready>(test.Engine.Status);
    }

    [Fact]
    public async Task A_server_that_never_answers_is_given_up()
    {
        await using var test = new EngineUnderTest(ServerKind.Vllm);
        await test.ReadyAsync();
        test.Server.Misbehave = (_, usual) => usual with { Pieces = [], GoesSilent = true };

        var asking = Assert.ThrowsAsync<InferenceException>(() => test.SayAsync(Request));
        await test.Time.AdvanceOverAsync(due => due == TimeSpan.FromSeconds(30), test.Stop);

        var silent = await asking;
        Assert.Equal(InferenceError.Unavailable, silent.Error);
        Assert.Contains("in time", silent.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("text/event-stream", "data: {\"choices\":[{\n\n", "no JSON object")]
    [InlineData("text/event-stream", "data: [1]\n\n", "no JSON object")]
    [InlineData("text/html", "<html>Sign in</html>", "text/html")]
    [InlineData("application/json", "{}", "application/json")]
    public async Task What_is_no_stream_of_events_is_refused_in_a_sentence(string type, string body, string says)
    {
        await using var test = new EngineUnderTest(ServerKind.Vllm);
        await test.ReadyAsync();
        test.Server.Misbehave = (_, _) => new ServedReply(200, type, [body]);

        var refused = await Assert.ThrowsAsync<InferenceException>(() => test.SayAsync(Request));

        Assert.Equal(InferenceError.Unavailable, refused.Error);
        Assert.Contains(says, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_line_without_an_end_is_refused_before_it_fills_the_memory()
    {
        await using var test = new EngineUnderTest(ServerKind.Vllm);
        await test.ReadyAsync();
        var piece = new string('x', 64 << 10);
        test.Server.Misbehave = (_, _) => new ServedReply(200, "text/event-stream", ["data: ", .. Enumerable.Repeat(piece, 200)]);

        var refused = await Assert.ThrowsAsync<InferenceException>(() => test.SayAsync(Request));

        Assert.Contains("4 MiB", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_error_in_the_stream_ends_the_answer_with_the_servers_words()
    {
        await using var test = new EngineUnderTest(ServerKind.Vllm);
        await test.ReadyAsync();
        test.Server.Misbehave = (_, _) => ServedReply.Events(new JsonObject { ["error"] = new JsonObject { ["message"] = "CUDA out of memory" } });

        var refused = await Assert.ThrowsAsync<InferenceException>(() => test.SayAsync(Request));

        Assert.Contains("CUDA out of memory", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(302)]
    [InlineData(307)]
    [InlineData(308)]
    public async Task Neither_code_nor_key_follows_a_redirect_to_another_server(int status)
    {
        await using var elsewhere = new ModelServer(ServerKind.Vllm);
        await using var test = new EngineUnderTest(ServerKind.Vllm, key: new ServerKey("a test", () => "one-word"));
        await test.ReadyAsync();
        test.Server.Misbehave = (_, _) => ServedReply.Refuse(status, "moved", $"Location: {elsewhere.Endpoint}/v1/completions");

        var refused = await Assert.ThrowsAsync<InferenceException>(() => test.SayAsync(Request));

        Assert.Contains(elsewhere.Endpoint, refused.Message, StringComparison.Ordinal);
        Assert.Empty(elsewhere.Requests);
    }

    [Fact]
    public async Task A_redirect_within_the_server_is_followed()
    {
        await using var test = new EngineUnderTest(ServerKind.Vllm);
        await test.ReadyAsync();
        test.Server.Misbehave = (request, _) => request.Path == "/v1/completions" ? ServedReply.Refuse(307, "moved", "Location: /v1/completions/") : ServedReply.Events(
            new JsonObject { ["choices"] = new JsonArray(new JsonObject { ["text"] = "here", ["token_ids"] = new JsonArray(7), ["finish_reason"] = "stop" }) });

        Assert.Equal("here (EndOfGeneration)", await test.SayAsync(Request));
    }

    [Fact]
    public async Task A_server_that_still_loads_its_model_is_waited_for()
    {
        var isLoading = true;
        await using var test = new EngineUnderTest(ServerKind.LlamaServer, prepare: server => server.Misbehave = (_, _) => Volatile.Read(ref isLoading) ? ServedReply.Refuse(503, "Loading model") : null);

        var waiting = test.ReadyAsync();
        await test.Time.AdvanceOverAsync(
            due =>
            {
                // Not before the engine waits: a question that is asked is not yet one that is refused.
                Volatile.Write(ref isLoading, due != TimeSpan.FromSeconds(1));
                return due == TimeSpan.FromSeconds(1);
            },
            test.Stop);

        Assert.Equal("openai/gpt-oss-20b", (await waiting).Name);
    }

    [Fact]
    public async Task Where_nobody_listens_a_sentence_says_so()
    {
        await using var gone = new ModelServer(ServerKind.Vllm);
        var address = gone.Endpoint;
        await gone.DisposeAsync();
        await using var engine = ServerEngine.Start(new ServerEngineOptions { Address = ServerAddress.Parse(address) }, Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance);

        var refused = await Assert.ThrowsAsync<InferenceException>(() => engine.WaitForModelAsync(CancellationToken.None));

        Assert.StartsWith($"{address} cannot be reached (", refused.Message, StringComparison.Ordinal);
        Assert.EndsWith("or give the right address to --engine or the setting engine.", refused.Message, StringComparison.Ordinal);
        Assert.IsType<EngineStatus.Failed>(engine.Status);
    }

    [Fact]
    public async Task A_connection_that_does_not_come_about_is_given_up_and_tried_again()
    {
        // Takes connections and never encrypts one, as a server does that speaks plain http.
        using var mute = new TcpListener(IPAddress.Loopback, 0);
        mute.Start();
        var time = new TimerWatch();
        var options = new ServerEngineOptions { Address = ServerAddress.Parse($"https://127.0.0.1:{((IPEndPoint)mute.LocalEndpoint).Port}"), ConnectPatience = TimeSpan.FromMilliseconds(20) };
        await using var engine = ServerEngine.Start(options, Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance, time);

        using var stop = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        var refused = await Assert.ThrowsAsync<InferenceException>(() => engine.WaitForModelAsync(stop.Token));
        Assert.Equal($"{options.Address} cannot be reached (nothing answered in time): start the server there, or give the right address to --engine or the setting engine.", refused.Message);
        // Each pause begins after a try.
        await time.AdvanceOverAsync(due => due == TimeSpan.FromSeconds(1), stop.Token);
        await time.AdvanceOverAsync(due => due == TimeSpan.FromSeconds(1), stop.Token);
    }

    /// <summary>The server fails some requests for an answer, and then answers.</summary>
    private static void Fail(EngineUnderTest test, int times, ServedReply reply) =>
        test.Server.Misbehave = (request, _) => request.Body?["stream"] is not null && Interlocked.Decrement(ref times) >= 0 ? reply : null;
}
