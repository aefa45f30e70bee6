using System.Diagnostics;
using System.Text.Json;

namespace GptOss.CodeAssist.Process.Tests;

/// <summary>Real editors' servers, one real engine process between them.</summary>
public sealed class SharedEngineTests : IAsyncDisposable
{
    private const string Source = "using System.Collections.Generic;\n\npublic class Basket\n{\n    private readonly List<int> _prices = new List<int>();\n\n    public int Count\n    {\n        get { return ";

    private readonly string _engines = Path.Combine(Directory.CreateTempSubdirectory("gptoss-").FullName, "e");

    [Fact]
    public async Task Ten_servers_at_the_same_instant_start_one_engine()
    {
        var servers = Enumerable.Range(0, 10).Select(_ => SpawnedServer.Start([], _engines, "--engine", "shared", "--log-level", "None")).ToArray();
        try
        {
            await Task.WhenAll(servers.Select(WaitUntilReadyAsync));

            var engine = Assert.Single(await StatusAsync());
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
        await using var server = SpawnedServer.Start([], _engines, "--engine", "shared", "--log-level", "None");
        await WaitUntilReadyAsync(server);
        var before = await CompleteAsync(server);
        var first = Assert.Single(await StatusAsync()).GetProperty("processId").GetInt32();

        using (var engine = System.Diagnostics.Process.GetProcessById(first))
        {
            engine.Kill();
        }

        // Every answer until then is an empty list with its reason; none is an error, and none is late for ever.
        var after = await CompleteAsync(server);
        while (after != before)
        {
            Assert.Equal("""{"items":[]}""", after);
            var reason = (await server.Client.RequestAsync("gptOss/status")).GetProperty("lastEmptyAnswer").GetProperty("code").GetString();
            Assert.Contains(reason, (string[])["engine-restarting", "model-loading"]);
            after = await CompleteAsync(server);
        }

        Assert.NotEqual(first, Assert.Single(await StatusAsync()).GetProperty("processId").GetInt32());
    }

    [Fact]
    public async Task An_engine_outlives_the_server_that_started_it_and_leaves_when_it_is_told_to()
    {
        await using (var server = SpawnedServer.Start([], _engines, "--engine", "shared", "--log-level", "None"))
        {
            await WaitUntilReadyAsync(server);
        }

        Assert.Single(await StatusAsync());
        await RunAsync("engine", "stop");
        Assert.Empty(await StatusAsync());
    }

    [Theory]
    [InlineData("embedded")]
    [InlineData("shared")]
    public async Task Without_any_network_interface_everything_works(string engine)
    {
        string[] cutOff = ["unshare", "--user", "--map-root-user", "--net", "--"];
        Assert.SkipUnless(OperatingSystem.IsLinux() && await CanRunAsync([.. cutOff, "true"]), "This system gives no user a network namespace.");
        await using var connected = SpawnedServer.Start([], null, "--engine", "embedded", "--log-level", "None");
        await WaitUntilReadyAsync(connected);
        var expected = await CompleteAsync(connected);

        await using var server = SpawnedServer.Start(cutOff, _engines, "--engine", engine, "--log-level", "None");
        await WaitUntilReadyAsync(server);

        Assert.Equal(expected, await CompleteAsync(server));
        Assert.Equal(engine == "shared" ? 1 : 0, (await StatusAsync()).Length);
    }

    public async ValueTask DisposeAsync()
    {
        await RunAsync("engine", "stop");
        Directory.Delete(Path.GetDirectoryName(_engines)!, recursive: true);
    }

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
    private static async Task<string> CompleteAsync(SpawnedServer server)
    {
        var lines = Source.Split('\n');
        var result = await server.Client.RequestAsync(
            "textDocument/inlineCompletion",
            $$$"""{"textDocument":{"uri":"file:///shared/Basket.cs"},"position":{"line":{{{lines.Length - 1}}},"character":{{{lines[^1].Length}}} },"context":{"triggerKind":1}}""");
        var texts = result.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("insertText").GetString()!).ToArray();
        return texts.Length == 0 ? result.GetRawText() : string.Join('|', texts);
    }

    private async Task<JsonElement[]> StatusAsync()
    {
        using var document = JsonDocument.Parse(await RunAsync("engine", "status", "--json"));
        return [.. document.RootElement.EnumerateArray().Select(element => element.Clone())];
    }

    private async Task<string> RunAsync(params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", ["exec", SpawnedServer.Program, .. arguments]) { RedirectStandardOutput = true };
        start.Environment["GPTOSS_ENGINE_DIR"] = _engines;
        using var process = System.Diagnostics.Process.Start(start)!;
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.Equal(0, process.ExitCode);
        return output;
    }

    private static async Task<bool> CanRunAsync(string[] command)
    {
        try
        {
            using var process = System.Diagnostics.Process.Start(new ProcessStartInfo(command[0], command[1..]) { RedirectStandardError = true })!;
            await process.WaitForExitAsync();
            return process.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }
}
