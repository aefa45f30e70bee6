using System.Diagnostics;
using System.Text.Json;
using GptOss.CodeAssist.TestSupport;
using GptOss.CodeAssist.TestSupport.Hub;
using GptOss.CodeAssist.TestSupport.Models;

namespace GptOss.CodeAssist.Process.Tests;

/// <summary>A machine with no network interface that is up, not even that to itself: a model is fetched before, and then everything but fetching works. The servers' half is in <see cref="SharedEngineTests"/> and <see cref="ChatModelTests"/>.</summary>
public sealed class OfflineTests : IDisposable
{
    private const string Name = "owner/repo:small.gguf";
    private const string Source = "using System.Collections.Generic;\n\npublic class Basket\n{\n    private readonly List<int> _prices = new List<int>();\n\n    public int Count\n    {\n        get { return \n    }\n}\n";

    private readonly TemporaryFolder _folder = new();

    public OfflineTests()
    {
        File.WriteAllText(_folder.PathOf("Shop.csproj"), """<Project Sdk="Microsoft.NET.Sdk"><PropertyGroup><TargetFramework>net10.0</TargetFramework></PropertyGroup></Project>""");
        File.WriteAllText(_folder.PathOf("Basket.cs"), Source);
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Without_any_network_every_verb_but_pull_works()
    {
        (string, string)[] home = [("XDG_DATA_HOME", _folder.PathOf("data")), ("XDG_CONFIG_HOME", _folder.PathOf("config")), ("GPTOSS_ENGINE_DIR", _folder.PathOf("e"))];
        await using var shell = await UnsharedShell.FindAsync("--net", home);
        Assert.SkipWhen(shell is null, "This system gives no user a network namespace.");
        await PullAsync(home);
        var caret = $"{_folder.PathOf("Basket.cs")}:9:22";

        Assert.Contains("huggingface.co cannot be found: this machine seems to be offline", await RunAsync(1, "model", "pull", "gpt-oss-20b"), StringComparison.Ordinal);
        await RunAsync(0, "model", "use", Name);
        Assert.Contains(JsonOf(await RunAsync(0, "model", "list", "--json")).GetProperty("models").EnumerateArray(), model => model.GetProperty("name").GetString() == Name && model.GetProperty("inUse").GetBoolean());
        Assert.Equal($"ok   {Name}: as published (owner/repo at {HubServer.Commit})", await RunAsync(0, "model", "verify"));
        Assert.Equal("gpt-oss", JsonOf(await RunAsync(0, "model", "info", "--json")).GetProperty("architecture").GetString());
        Assert.Contains(Name, await RunAsync(0, "config", "show"), StringComparison.Ordinal);

        Assert.NotEmpty(JsonOf(await RunAsync(0, "complete", caret, "--model", "starter", "--json")).GetProperty("items").EnumerateArray());
        Assert.NotEmpty(JsonOf(await RunAsync(0, "context", caret, "--json")).EnumerateObject());
        var answer = JsonOf(await RunAsync(null, "chat", "Hello?", "--file", _folder.PathOf("Basket.cs"), "--json"));
        Assert.NotEqual(answer.GetProperty("text").GetString() is { Length: > 0 }, answer.TryGetProperty("reason", out var reason) && reason.ValueKind == JsonValueKind.Object);
        Assert.StartsWith("The model", await RunAsync(1, "act", caret, "--action", "document"), StringComparison.Ordinal);
        var checks = JsonOf(await RunAsync(0, "doctor", "--model", "starter", "--folder", _folder.FullName, "--json")).GetProperty("checks").EnumerateArray().ToList();
        Assert.All(checks, check => Assert.NotEqual("fail", check.GetProperty("verdict").GetString()));

        async Task<string> RunAsync(int? expected, params string[] arguments)
        {
            var (code, output) = await shell.RunProgramAsync(arguments);
            Assert.True(expected is null || code == expected, $"{string.Join(' ', arguments)} ended with {code}: {output}");
            return output;
        }
    }

    private static async Task PullAsync((string Name, string Value)[] variables)
    {
        await using var hub = new HubServer();
        hub.Files["owner/repo/small.gguf"] = await File.ReadAllBytesAsync(SmallModel.GetPath(new SmallModelOptions { FimTokens = false, ContextLength = 16384 }), TestContext.Current.CancellationToken);
        var start = new ProcessStartInfo("dotnet", ["exec", SpawnedServer.Program, "model", "pull", Name, "--endpoint", hub.Endpoint, "--json"]) { RedirectStandardOutput = true };
        foreach (var (name, value) in variables)
        {
            start.Environment[name] = value;
        }

        using var pull = System.Diagnostics.Process.Start(start)!;
        await pull.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await pull.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(0, pull.ExitCode);
    }

    private static JsonElement JsonOf(string text) => JsonDocument.Parse(text).RootElement;
}
