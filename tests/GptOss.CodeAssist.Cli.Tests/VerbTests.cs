using System.Text.Json;
using GptOss.CodeAssist.Inference;
using GptOss.CodeAssist.TestSupport;

namespace GptOss.CodeAssist.Cli.Tests;

public sealed class VerbTests
{
    [Fact]
    public async Task The_demo_shows_completions_that_came_over_the_protocol()
    {
        await using var engine = new ScriptedEngine { Default = "shown" };
        using var cli = new CliUnderTest(engine);

        var exitCode = await cli.RunAsync("demo");

        Assert.Equal((0, ""), (exitCode, cli.Error));
        Assert.Contains("ILogger<OrderService> ⟦shown", cli.Output);
        Assert.Contains("_logger = ⟦shown", cli.Output);
        Assert.Contains("gptoss-codeassist doctor", cli.Output);
    }

    [Fact]
    public async Task The_demo_tells_machines_too()
    {
        await using var engine = new ScriptedEngine { Default = "shown" };
        using var cli = new CliUnderTest(engine);

        var exitCode = await cli.RunAsync("demo", "--json");

        Assert.Equal((0, ""), (exitCode, cli.Error));
        var report = JsonDocument.Parse(cli.Output).RootElement;
        Assert.Equal("scripted", report.GetProperty("model").GetString());
        // The fourth place is inside the head of a loop, which the gate sees is not finished by that.
        Assert.Equal(["shown;", "shown;", "shown)", null], report.GetProperty("completions").EnumerateArray().Select(completion => completion.GetProperty("insertText").GetString()));
    }

    [Fact]
    public async Task A_demo_without_a_model_says_why()
    {
        await using var engine = new ScriptedEngine();
        engine.ChangeStatus(new EngineStatus.Failed(InferenceError.ModelNotFound, "There is no model."));
        using var cli = new CliUnderTest(engine);

        Assert.Equal(1, await cli.RunAsync("demo"));
        Assert.Equal("There is no model.", cli.Error.TrimEnd());
    }

    [Fact]
    public async Task The_doctor_looks_at_everything_and_is_content_with_this_build()
    {
        await using var engine = new ScriptedEngine { Default = "{ get; }" };
        using var cli = new CliUnderTest(engine);

        var exitCode = await cli.RunAsync("doctor", "--json");

        var checks = JsonDocument.Parse(cli.Output).RootElement.GetProperty("checks").EnumerateArray().ToList();
        Assert.Equal(["runtime", "llama.cpp", "cpu", "gpu", "memory", "model", "completion", "settings", "models", "logs", "engine", "workspace", "editors"], checks.Select(check => check.GetProperty("name").GetString()));
        Assert.DoesNotContain(checks, check => check.GetProperty("verdict").GetString() == "fail");
        Assert.Equal(0, exitCode);
    }

    [Fact]
    public async Task The_doctor_fails_when_the_model_cannot_be_loaded()
    {
        await using var engine = new ScriptedEngine();
        engine.ChangeStatus(new EngineStatus.Failed(InferenceError.ModelInvalid, "The file is truncated."));
        using var cli = new CliUnderTest(engine);

        Assert.Equal(1, await cli.RunAsync("doctor"));
        Assert.Contains("fail model      The file is truncated.", cli.Output);
    }

    [Fact]
    public async Task Without_a_verb_a_terminal_is_told_what_to_do()
    {
        await using var engine = new ScriptedEngine();
        using var cli = new CliUnderTest(engine);

        Assert.Equal(2, await cli.RunAsync());
        Assert.Contains("gptoss-codeassist demo", cli.Error);
        Assert.Equal("", cli.Output);
    }

    [Fact]
    public async Task Without_a_verb_and_a_terminal_the_server_runs_and_writes_nothing_unasked()
    {
        await using var engine = new ScriptedEngine();
        using var cli = new CliUnderTest(engine) { IsInputTerminal = false };

        Assert.Equal(1, await cli.RunAsync("--log-level", "None"));
        Assert.Equal("", cli.Output);
        Assert.Equal("", cli.Error);
    }

    [Theory]
    [InlineData("--rounds wants a whole number, not 'many'. Try `gptoss-codeassist bench --help`.", "bench", "--rounds", "many")]
    [InlineData("--log-level wants one of Trace, Debug, Information, Warning, Error, Critical, None, not 'loud'. Try `gptoss-codeassist doctor --help`.", "doctor", "--log-level", "loud")]
    public async Task A_value_that_an_option_cannot_read_is_told_without_the_names_of_types(string expected, params string[] arguments)
    {
        await using var engine = new ScriptedEngine();
        using var cli = new CliUnderTest(engine);

        Assert.Equal((2, expected), (await cli.RunAsync(arguments), cli.Error.TrimEnd()));
    }

    [Fact]
    public async Task The_version_names_the_program_s_own()
    {
        await using var engine = new ScriptedEngine();
        using var cli = new CliUnderTest(engine);

        Assert.Equal(0, await cli.RunAsync("--version"));
        Assert.Equal(CommandLine.Version, cli.Output.TrimEnd());
    }
}
