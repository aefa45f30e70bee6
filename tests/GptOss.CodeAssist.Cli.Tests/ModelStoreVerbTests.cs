using System.Text.Json;
using GptOss.CodeAssist.TestSupport;
using GptOss.CodeAssist.TestSupport.Hub;
using GptOss.CodeAssist.TestSupport.Models;

namespace GptOss.CodeAssist.Cli.Tests;

public sealed class ModelStoreVerbTests
{
    private const string Name = "owner/repo:small.gguf";

    [Fact]
    public async Task A_model_is_pulled_listed_used_verified_and_removed_by_its_name()
    {
        await using var hub = new HubServer();
        hub.Files["owner/repo/small.gguf"] = await File.ReadAllBytesAsync(SmallModel.GetPath(), TestContext.Current.CancellationToken);
        await using var engine = new ScriptedEngine();
        using var cli = new CliUnderTest(engine) { Variables = { ["HF_ENDPOINT"] = hub.Endpoint } };

        Assert.Equal((0, true), (await cli.RunAsync("model", "pull", Name), cli.Output.Contains("its SHA-256 is the published one", StringComparison.Ordinal)));
        Assert.Contains("Fetching small.gguf", cli.Error, StringComparison.Ordinal);

        cli.Clear();
        await cli.RunAsync("model", "list", "--json");
        var models = JsonDocument.Parse(cli.Output).RootElement.GetProperty("models").EnumerateArray().ToList();
        Assert.Equal(["starter", Name, "gpt-oss-20b", "gpt-oss-120b"], models.Select(model => model.GetProperty("name").GetString()));
        Assert.Equal("gpt-oss", models[1].GetProperty("architecture").GetString());
        Assert.True(models[0].GetProperty("inUse").GetBoolean());

        cli.Clear();
        await cli.RunAsync("model", "list", "--model", Name);
        Assert.Contains($"* {Name}", cli.Output, StringComparison.Ordinal);
        Assert.Contains("not here: `gptoss-codeassist model pull gpt-oss-120b` fetches it", cli.Output, StringComparison.Ordinal);

        cli.Clear();
        Assert.Equal(0, await cli.RunAsync("model", "verify"));
        Assert.Contains($"ok   {Name}: as published (owner/repo at {HubServer.Commit})", cli.Output, StringComparison.Ordinal);

        var path = Path.Combine(cli.UserFolder, "data", "models", "owner", "repo", "small.gguf");
        await using (var file = File.OpenWrite(path))
        {
            file.Position = file.Length - 1;
            file.WriteByte(77);
        }

        cli.Clear();
        Assert.Equal(1, await cli.RunAsync("model", "verify", Name));
        Assert.Contains($"`gptoss-codeassist model pull {Name}` fetches it again", cli.Output, StringComparison.Ordinal);

        Assert.Equal(0, await cli.RunAsync("model", "use", Name));
        cli.Clear();
        Assert.Equal(0, await cli.RunAsync("model", "rm", Name));
        Assert.False(File.Exists(path));
        Assert.Contains("from now on that is the one that comes with the program", cli.Output, StringComparison.Ordinal);
        cli.Clear();
        await cli.RunAsync("model", "list");
        Assert.StartsWith("* starter ", cli.Output, StringComparison.Ordinal);
        Assert.Equal(2, await cli.RunAsync("model", "rm", "starter"));
        Assert.Equal(2, await cli.RunAsync("model", "rm", Name));
    }

    [Fact]
    public async Task Where_models_are_kept_and_fetched_from_may_be_said_for_one_call()
    {
        await using var hub = new HubServer();
        hub.Files["owner/repo/small.gguf"] = await File.ReadAllBytesAsync(SmallModel.GetPath(), TestContext.Current.CancellationToken);
        await using var engine = new ScriptedEngine();
        using var cli = new CliUnderTest(engine);
        var folder = Path.Combine(cli.UserFolder, "elsewhere");

        Assert.Equal((0, ""), (await cli.RunAsync("model", "pull", Name, "--set", $"modelsFolder={folder}", "--set", $"hub.endpoint={hub.Endpoint}", "--json"), cli.Error));

        Assert.True(File.Exists(Path.Combine(folder, "owner", "repo", "small.gguf")));
    }

    [Fact]
    public async Task Programs_get_a_pull_as_one_object_a_line()
    {
        await using var hub = new HubServer();
        hub.Files["owner/repo/small.gguf"] = await File.ReadAllBytesAsync(SmallModel.GetPath(), TestContext.Current.CancellationToken);
        await using var engine = new ScriptedEngine();
        using var cli = new CliUnderTest(engine);

        Assert.Equal(0, await cli.RunAsync("model", "pull", Name, "--endpoint", hub.Endpoint, "--json"));

        var lines = cli.Output.TrimEnd().Split('\n').Select(line => JsonDocument.Parse(line).RootElement).ToList();
        Assert.Equal("fetching", lines[0].GetProperty("event").GetString());
        Assert.Equal(("done", true), (lines[^1].GetProperty("event").GetString(), lines[^1].GetProperty("verified").GetBoolean()));
        Assert.Equal("", cli.Error);
    }

    [Fact]
    public async Task What_came_whole_and_is_no_model_is_told()
    {
        await using var hub = new HubServer();
        hub.Files["owner/repo/small.gguf"] = [1, 2, 3, 4, 5];
        await using var engine = new ScriptedEngine();
        using var cli = new CliUnderTest(engine);

        Assert.Equal(1, await cli.RunAsync("model", "pull", Name, "--endpoint", hub.Endpoint, "--json"));
        Assert.StartsWith("It came as it was published, but cannot be run: ", cli.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(2, "is no address of a mirror", "model", "pull", "gpt-oss-20b", "--endpoint", "nonsense")]
    [InlineData(1, "names no model. Say one of gpt-oss-20b", "model", "pull", "gpt-oss")]
    [InlineData(2, "gpt-oss-20b is not here yet; `gptoss-codeassist model pull gpt-oss-20b` fetches it (12 GB).", "demo", "--model", "gpt-oss-20b")]
    [InlineData(2, "was not fetched by `model pull`", "model", "verify", "gpt-oss-20b")]
    [InlineData(2, "gpt-oss-120b is not here", "model", "rm", "gpt-oss-120b")]
    public async Task Bad_input_is_one_line_that_says_what_to_do(int expectedCode, string expected, params string[] arguments)
    {
        await using var engine = new ScriptedEngine();
        using var cli = new CliUnderTest(engine);

        Assert.Equal(expectedCode, await cli.RunAsync(arguments));
        Assert.Contains(expected, Assert.Single(cli.Error.TrimEnd().Split('\n')), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nothing_is_fetched_where_the_environment_says_offline()
    {
        await using var hub = new HubServer();
        await using var engine = new ScriptedEngine();
        using var cli = new CliUnderTest(engine) { Variables = { ["HF_HUB_OFFLINE"] = "1", ["HF_ENDPOINT"] = hub.Endpoint } };

        Assert.Equal(1, await cli.RunAsync("model", "pull", Name));
        Assert.StartsWith("HF_HUB_OFFLINE says that nothing may be fetched", cli.Error, StringComparison.Ordinal);
        Assert.Empty(hub.Requests);
    }
}
