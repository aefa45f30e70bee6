using System.Text.Json;
using GptOss.CodeAssist.Inference.Llama;
using GptOss.CodeAssist.TestSupport;
using GptOss.CodeAssist.TestSupport.Models;

namespace GptOss.CodeAssist.Cli.Tests;

public sealed class ConfigVerbTests
{
    [Fact]
    public async Task What_was_set_is_shown_with_its_place_and_used()
    {
        await using var engine = new ScriptedEngine();
        using var cli = new CliUnderTest(engine);
        using var workspace = new TemporaryFolder();
        Directory.CreateDirectory(workspace.PathOf(".git"));
        Directory.CreateDirectory(workspace.PathOf(".gptoss"));
        await File.WriteAllTextAsync(workspace.PathOf(".gptoss", "settings.json"), """{ "completion": { "maxLines": 4 } }""", TestContext.Current.CancellationToken);

        Assert.Equal(0, await cli.RunAsync("config", "set", "slots", "2"));
        Assert.Equal(0, await cli.RunAsync("model", "use", SmallModel.GetPath()));
        cli.Clear();
        Assert.Equal(0, await cli.RunAsync("config", "show", "--folder", workspace.FullName, "--log-level", "Debug", "--json"));

        var settings = JsonDocument.Parse(cli.Output).RootElement.GetProperty("settings").EnumerateArray()
            .ToDictionary(setting => setting.GetProperty("key").GetString()!, setting => (setting.GetProperty("current").ToString(), setting.GetProperty("origin").GetString()));
        Assert.Equal(("2", "userFile"), settings["slots"]);
        Assert.Equal((SmallModel.GetPath(), "userFile"), settings["model"]);
        Assert.Equal(("4", "workspaceFile"), settings["completion.maxLines"]);
        Assert.Equal(("Debug", "commandLine"), settings["log.level"]);
        Assert.Equal(("True", "builtIn"), settings["completion.gate"]);

        await cli.RunAsync("doctor");
        Assert.Equal(SmallModel.GetPath(), cli.ModelPath);
        Assert.Equal(2, cli.EngineOptions?.Slots);

        await cli.RunAsync("model", "use", "starter");
        await cli.RunAsync("doctor");
        Assert.EndsWith("starter.gguf", cli.ModelPath, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_setting_of_the_engine_may_be_said_for_one_call_and_reaches_it()
    {
        await using var engine = new ScriptedEngine();
        using var cli = new CliUnderTest(engine);
        string[] said =
        [
            "contextLength=1024", "slots=3", "threads=5", "promptThreads=7", "batchSize=256", "gpuLayers=-1", "cpuExpertLayers=12", "mainGpu=1", "splitOverGpus=false",
            "gpuSplit=[3, 1.5]", "memoryMap=false", "lockMemory=true", "repackWeights=false", "lowMemory=true", "kvCache=q8_0", "flashAttention=true", "adapters=[\"a.gguf=0.5\"]",
        ];

        await cli.RunAsync(["doctor", .. said.SelectMany(setting => new[] { "--set", setting })]);

        var options = cli.EngineOptions!;
        Assert.Equal((1024, 3, 5, 7, 256), (options.ContextLength, options.Slots, options.Threads, options.BatchThreads, options.MicroBatchSize));
        Assert.Equal((-1, 12, 1, false), (options.GpuLayers, options.CpuExpertLayers, options.MainGpu, options.SplitOverGpus));
        Assert.Equal([3, 1.5f], options.TensorSplit);
        Assert.Equal((false, true, false), (options.MemoryMap, options.LockMemory, options.RepackWeights));
        Assert.Equal((false, CacheType.Q8, true), (options.FullSlidingWindowCache, options.CacheType, options.FlashAttention));
        // A shared engine has another current folder.
        Assert.Equal([new LoraAdapter(Path.GetFullPath("a.gguf"), 0.5f)], options.Adapters);
        Assert.False(File.Exists(Path.Combine(cli.UserFolder, "config", "settings.json")));
    }

    [Theory]
    [InlineData(2, "slots cannot be 99: it wants a whole number from 1 to 32. Nothing was changed.", "config", "set", "slots", "99")]
    [InlineData(2, "There is no setting slot (is slots meant?)", "config", "set", "slot", "9")]
    [InlineData(2, "--set wants KEY=VALUE", "doctor", "--set", "slots")]
    [InlineData(2, "gpuSplit cannot be [3,-1]: it wants a list of numbers", "doctor", "--set", "gpuSplit=[3,-1]")]
    [InlineData(2, "There is no setting slot (is slots meant?)", "doctor", "--set", "slot=2")]
    [InlineData(2, "There is no model nowhere", "model", "use", "nowhere")]
    [InlineData(2, "nowhere is not here", "model", "rm", "nowhere")]
    [InlineData(2, "Say what to do: `gptoss-codeassist engine status|start|stop`.", "engine")]
    [InlineData(2, "Must be one of: 'bash', 'zsh', 'fish', 'pwsh'. Try `gptoss-codeassist completions --help`.", "completions", "tcsh")]
    public async Task Bad_input_changes_nothing(int expectedCode, string expected, params string[] arguments)
    {
        await using var engine = new ScriptedEngine();
        using var cli = new CliUnderTest(engine);

        Assert.Equal(expectedCode, await cli.RunAsync(arguments));
        Assert.Contains(expected, Assert.Single(cli.Error.TrimEnd().Split('\n')), StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(cli.UserFolder, "config", "settings.json")));
    }

    [Fact]
    public async Task A_bad_settings_file_stops_nothing_and_is_told()
    {
        await using var engine = new ScriptedEngine();
        using var cli = new CliUnderTest(engine);
        var file = Path.Combine(cli.UserFolder, "config", "settings.json");
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        await File.WriteAllTextAsync(file, """{ "slots": "many", "completion": { "maxLines": 4 } }""", TestContext.Current.CancellationToken);

        Assert.Equal(1, await cli.RunAsync("config", "show"));
        Assert.Contains($"Problem: slots is \"many\" in {file}, where it wants a whole number from 1 to 32; it does not count.", cli.Output, StringComparison.Ordinal);

        Assert.Equal(0, await cli.RunAsync("model", "list"));
        Assert.Contains($"Warning: slots is \"many\" in {file}", cli.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_setting_or_a_group_is_shown_with_what_it_is_for()
    {
        await using var engine = new ScriptedEngine();
        using var cli = new CliUnderTest(engine);

        Assert.Equal(0, await cli.RunAsync("config", "show", "slots"));
        Assert.StartsWith("slots  4  default\n    Requests that are worked on at the same time, each with its own cached prompt. It wants a whole number from 1 to 32.\n", cli.Output, StringComparison.Ordinal);

        cli.Clear();
        Assert.Equal(0, await cli.RunAsync("config", "show", "server", "--json"));
        Assert.Equal(["server.model", "server.keyFile", "server.keyVariable"], JsonDocument.Parse(cli.Output).RootElement.GetProperty("settings").EnumerateArray().Select(setting => setting.GetProperty("key").GetString()));

        Assert.Equal((2, "There is no setting slot (is slots meant?); `gptoss-codeassist config show` lists them."), (await cli.RunAsync("config", "show", "slot"), cli.Error.TrimEnd()));
    }
}
