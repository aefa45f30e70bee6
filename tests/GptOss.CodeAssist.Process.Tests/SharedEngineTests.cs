using System.Text.Json;

namespace GptOss.CodeAssist.Process.Tests;

/// <summary>Real editors' servers, one real engine process between them.</summary>
public sealed class SharedEngineTests : IAsyncDisposable
{
    private const string Source = "using System.Collections.Generic;\n\npublic class Basket\n{\n    private readonly List<int> _prices = new List<int>();\n\n    public int Count\n    {\n        get { return ";

    private readonly EngineProcesses _engines = new();

    [Fact]
    public async Task Ten_servers_at_the_same_instant_start_one_engine()
    {
        var servers = Enumerable.Range(0, 10).Select(_ => _engines.StartServer("--engine", "shared", "--log-level", "None")).ToArray();
        try
        {
            await Task.WhenAll(servers.Select(WaitUntilReadyAsync));

            var engine = Assert.Single(await _engines.StatusAsync());
            Assert.Equal(("ready", 10), (engine.GetProperty("state").GetString(), engine.GetProperty("clients").GetInt32()));
        }
        finally
        {
            foreach (var server in servers)
            {
                await server.DisposeAsync();
            }
        }
    }

    [Fact]
    public async Task A_killed_engine_is_replaced_and_its_server_goes_on()
    {
        await using var server = _engines.StartServer("--engine", "shared", "--log-level", "None");
        await WaitUntilReadyAsync(server);
        var before = await CompleteAsync(server);
        var first = await _engines.FindProcessAsync();

        Signal(first, "KILL");

        // Every answer until then is an empty list with its reason; none is an error, and none is late for ever.
        var after = await CompleteAsync(server);
        while (after != before)
        {
            Assert.Equal("""{"items":[]}""", after);
            var reason = (await server.Client.RequestAsync("gptOss/status")).GetProperty("lastEmptyAnswer").GetProperty("code").GetString();
            Assert.Contains(reason, (string[])["engine-restarting", "model-loading"]);
            after = await CompleteAsync(server);
        }

        Assert.NotEqual(first, await _engines.FindProcessAsync());
    }

    [Fact]
    public async Task Killed_in_the_middle_of_an_answer_the_engine_loses_that_answer_and_nothing_else()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows cannot halt a process, so that the middle of an answer cannot be had for certain.");
        await using var server = _engines.StartServer("--engine", "shared", "--log-level", "None");
        await WaitUntilReadyAsync(server);
        // What is typed lives in the server alone.
        await server.Client.NotifyAsync("textDocument/didChange", """{"textDocument":{"uri":"file:///shared/Basket.cs","version":2},"contentChanges":[{"range":{"start":{"line":2,"character":0},"end":{"line":2,"character":0}},"text":"// Typed.\n"}]}""");
        var before = await CompleteAsync(server, line: 1);
        var engine = await _engines.FindProcessAsync();

        Signal(engine, "STOP");
        var (lost, untouched) = (CompleteAsync(server, line: 1), server.Client.RequestAsync("gptOss/status"));
        Assert.Equal(1, (await untouched).GetProperty("requestsInFlight").GetInt32());
        Signal(engine, "KILL");

        Assert.Equal("""{"items":[]}""", await lost);
        Assert.Equal("engine-restarting", (await server.Client.RequestAsync("gptOss/status")).GetProperty("lastEmptyAnswer").GetProperty("code").GetString());
        string after;
        do
        {
            after = await CompleteAsync(server, line: 1);
        }
        while (after == """{"items":[]}""");

        Assert.Equal(before, after);
    }

    [Fact]
    public async Task Editors_that_want_different_models_or_options_get_an_engine_each()
    {
        await using var one = _engines.StartServer("--engine", "shared", "--log-level", "None");
        await WaitUntilReadyAsync(one);
        var copy = Path.Combine(_engines.Folder, "copy.gguf");
        File.Copy(Path.Combine(Path.GetDirectoryName(SpawnedServer.Program)!, "models", "starter.gguf"), copy);

        await using var other = _engines.StartServer("--engine", "shared", "--log-level", "None", "--model", copy);
        await WaitUntilReadyAsync(other);

        var engines = await _engines.StatusAsync();
        Assert.Equal(2, engines.Length);
        Assert.Contains(engines, engine => engine.GetProperty("model").GetString() == copy && engine.GetProperty("clients").GetInt32() == 1);
        Assert.Equal(await CompleteAsync(one), await CompleteAsync(other));
    }

    [Fact]
    public async Task An_engine_outlives_the_server_that_started_it_and_leaves_when_it_is_told_to()
    {
        await using (var server = _engines.StartServer("--engine", "shared", "--log-level", "None"))
        {
            await WaitUntilReadyAsync(server);
        }

        Assert.Single(await _engines.StatusAsync());
        await _engines.StopAsync();
        Assert.Empty(await _engines.StatusAsync());
    }

    [Theory]
    [InlineData("embedded")]
    [InlineData("shared")]
    public async Task Without_any_network_interface_completion_is_what_it_is_with_one(string engine)
    {
        Assert.SkipUnless(await UnsharedShell.IsPossibleAsync("--net"), "This system gives no user a network namespace.");
        await using var connected = SpawnedServer.Start([], null, "--engine", "embedded", "--log-level", "None");
        await WaitUntilReadyAsync(connected);
        var expected = await CompleteAsync(connected);

        await using var server = SpawnedServer.Start(UnsharedShell.CommandLine("--net"), _engines.Folder, "--engine", engine, "--log-level", "None");
        await WaitUntilReadyAsync(server);

        Assert.Equal(expected, await CompleteAsync(server));
        Assert.Equal(engine == "shared" ? 1 : 0, (await _engines.StatusAsync()).Length);
    }

    public ValueTask DisposeAsync() => _engines.DisposeAsync();

    private static async Task WaitUntilReadyAsync(SpawnedServer server)
    {
        await server.InitializeAsync();
        await server.Client.NotifyAsync("initialized", "{}");
        var text = JsonSerializer.Serialize(Source + "\n    }\n}\n");
        await server.Client.NotifyAsync("textDocument/didOpen", "{\"textDocument\":{\"uri\":\"file:///shared/Basket.cs\",\"languageId\":\"csharp\",\"version\":1,\"text\":" + text + "}}");
        string? state;
        do
        {
            var status = await server.Client.RequestAsync("gptOss/status");
            state = status.GetProperty("state").GetString();
            Assert.False(state == "failed", status.GetRawText());
        }
        while (state != "ready");
    }

    /// <summary>The texts of a completion at the end of the source; their ids differ from run to run.</summary>
    /// <param name="line">How many lines were typed above.</param>
    private static async Task<string> CompleteAsync(SpawnedServer server, int line = 0)
    {
        var lines = Source.Split('\n');
        var result = await server.Client.RequestAsync(
            "textDocument/inlineCompletion",
            $$$"""{"textDocument":{"uri":"file:///shared/Basket.cs"},"position":{"line":{{{lines.Length - 1 + line}}},"character":{{{lines[^1].Length}}} },"context":{"triggerKind":1}}""");
        var texts = result.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("insertText").GetString()!).ToArray();
        return texts.Length == 0 ? result.GetRawText() : string.Join('|', texts);
    }

    private static void Signal(int process, string signal)
    {
        using var kill = System.Diagnostics.Process.Start("kill", [$"-{signal}", process.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
        Assert.Equal(0, kill.ExitCode);
    }
}
