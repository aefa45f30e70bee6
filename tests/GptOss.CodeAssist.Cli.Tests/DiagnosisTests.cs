using System.Text.Json;
using GptOss.CodeAssist.Cli.Diagnosis;
using GptOss.CodeAssist.EngineDaemon;
using GptOss.CodeAssist.TestSupport;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace GptOss.CodeAssist.Cli.Tests;

public sealed class DiagnosisTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task The_log_has_levels_values_and_the_process_and_keeps_a_few_files()
    {
        var level = LogLevel.Information;
        using var error = new StringWriter();
        await using (var log = new ServerLog(error, () => level, _folder.FullName, TimeProvider.System))
        {
            log.LogInformation("Opened {Folder}", "a-folder");
            log.LogDebug("not written");
            level = LogLevel.Debug;
            log.LogDebug("written");
        }

        var lines = File.ReadAllLines(Assert.Single(Directory.GetFiles(_folder.FullName))).Select(line => JsonDocument.Parse(line).RootElement).ToList();
        Assert.Equal(["Opened {Folder}", "written"], lines.Select(line => line.GetProperty("@mt").GetString()));
        Assert.Equal(("a-folder", Environment.ProcessId), (lines[0].GetProperty("Folder").GetString(), lines[0].GetProperty("Process").GetInt32()));
        Assert.Equal("Debug", lines[1].GetProperty("@l").GetString());
        Assert.Contains("Information: Opened a-folder", error.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("not written", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_servers_write_one_log()
    {
        using var error = new StringWriter();
        await using (var one = new ServerLog(error, () => LogLevel.Information, _folder.FullName, TimeProvider.System))
        await using (var two = new ServerLog(error, () => LogLevel.Information, _folder.FullName, TimeProvider.System))
        {
            one.LogInformation("from one");
            two.LogInformation("from two");
        }

        Assert.Equal(2, File.ReadAllLines(Assert.Single(Directory.GetFiles(_folder.FullName))).Length);
    }

    [Fact]
    public async Task The_doctor_explains_settings_models_logs_and_the_workspace()
    {
        await using var engine = new ScriptedEngine();
        using var cli = new CliUnderTest(engine);
        Directory.CreateDirectory(_folder.PathOf("Shop"));
        await File.WriteAllTextAsync(_folder.PathOf("Shop", "Shop.csproj"), """<Project Sdk="Microsoft.NET.Sdk"><PropertyGroup><TargetFramework>net10.0</TargetFramework></PropertyGroup></Project>""", TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(_folder.PathOf("Shop", "Broken.csproj"), "<Project", TestContext.Current.CancellationToken);
        await cli.RunAsync("config", "set", "slots", "2");
        cli.Clear();

        await cli.RunAsync("doctor", "--folder", _folder.PathOf("Shop"), "--json");

        var checks = JsonDocument.Parse(cli.Output).RootElement.GetProperty("checks").EnumerateArray()
            .ToDictionary(check => check.GetProperty("name").GetString()!, check => (Verdict: check.GetProperty("verdict").GetString(), Finding: check.GetProperty("finding").GetString()!));
        Assert.Equal(("ok", "slots = 2 (userFile)"), checks["settings"]);
        Assert.Contains("none fetched", checks["models"].Finding, StringComparison.Ordinal);
        Assert.Equal("ok", checks["logs"].Verdict);
        Assert.Equal("warn", checks["workspace"].Verdict);
        Assert.Equal(2, checks["workspace"].Finding.Split("Broken.csproj is left out").Length); // Once.
        Assert.True(checks.ContainsKey("editors"));
    }

    [Fact]
    public async Task A_bug_report_has_the_findings_and_of_the_log_no_value()
    {
        await using var engine = new ScriptedEngine();
        using var cli = new CliUnderTest(engine);
        await using (var log = new ServerLog(TextWriter.Null, () => LogLevel.Trace, Path.Combine(cli.UserFolder, "data", "logs"), TimeProvider.System))
        {
            log.LogInformation("Prompt: {Prompt}", "a-secret-line");
            log.LogInformation("Prompt: {Prompt}", "another-secret-line");
            log.LogError(new InvalidOperationException("a-secret-message"), "Something failed");
        }

        var page = _folder.PathOf("reports", "report.md");
        await cli.RunAsync("doctor", "--folder", _folder.FullName, "--report", page);

        var text = await File.ReadAllTextAsync(page, TestContext.Current.CancellationToken);
        Assert.Contains("| llama.cpp | ok |", text, StringComparison.Ordinal);
        Assert.Contains("- Information: `Prompt: {Prompt}` (2 times)", text, StringComparison.Ordinal);
        Assert.Contains("- Error: `Something failed` [System.InvalidOperationException]", text, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_bug_report_that_cannot_be_written_takes_nothing_from_what_was_found()
    {
        await using var engine = new ScriptedEngine();
        using var cli = new CliUnderTest(engine);

        Assert.Equal(1, await cli.RunAsync("doctor", "--folder", _folder.FullName, "--report", _folder.FullName));

        Assert.Contains("llama.cpp", cli.Output, StringComparison.Ordinal);
        Assert.Contains("The report cannot be written: ", cli.Error, StringComparison.Ordinal);
        Assert.EndsWith(" Name another file with --report.\n", cli.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_bug_report_has_no_code_and_no_secret_from_wherever_they_are_planted()
    {
        await using var engine = new ScriptedEngine { Default = "{ get; }" };
        using var cli = new CliUnderTest(engine);
        cli.Variables["HF_TOKEN"] = "hf_plantedPLANTEDplanted";
        Directory.CreateDirectory(_folder.PathOf("Shop"));
        await File.WriteAllTextAsync(_folder.PathOf("Shop", "Shop.csproj"), """<Project Sdk="Microsoft.NET.Sdk"><PropertyGroup><TargetFramework>net10.0</TargetFramework></PropertyGroup></Project>""", TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(_folder.PathOf("Shop", "Broken.csproj"), "<Project><PropertyGroup><Password>planted</Password>", TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(_folder.PathOf("Shop", "Secret.cs"), "class PlantedClass { string planted = \"planted\" ", TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(_folder.PathOf("Shop", ".env"), "KEY=planted", TestContext.Current.CancellationToken);
        Directory.CreateDirectory(_folder.PathOf("Shop", ".gptoss"));
        await File.WriteAllTextAsync(_folder.PathOf("Shop", ".gptoss", "settings.json"), "{ \"planted", TestContext.Current.CancellationToken);
        await cli.RunAsync("config", "set", "hub.endpoint", "https://someone:planted@mirror.example/?token=planted");
        await cli.RunAsync("config", "set", "log.prompts", "true");
        var address = EngineFolder.Open(cli.EngineFolderPath).At("0123456789abcdef");
        await File.WriteAllTextAsync(Path.ChangeExtension(address.LogPath, ".owner"), "", TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(Path.ChangeExtension(address.LogPath, ".crashes"), $"{TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds()} ready\n", TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(address.LogPath, "the last words: Bearer planted\n", TestContext.Current.CancellationToken);
        await using (var log = new ServerLog(TextWriter.Null, () => LogLevel.Trace, Path.Combine(cli.UserFolder, "data", "logs"), TimeProvider.System))
        {
            log.LogWarning(new InvalidOperationException("planted"), "The prompt was {Prompt}", "class PlantedClass");
        }

        var page = _folder.PathOf("report.md");
        await cli.RunAsync("doctor", "--folder", _folder.PathOf("Shop"), "--report", page);

        var text = await File.ReadAllTextAsync(page, TestContext.Current.CancellationToken);
        Assert.Contains("https://…@mirror.example", text, StringComparison.Ordinal);
        Assert.Contains("the last words: Bearer …", text, StringComparison.Ordinal);
        Assert.Contains("Broken.csproj", text, StringComparison.Ordinal);
        Assert.DoesNotContain("planted", text, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task The_doctor_says_how_the_shared_engine_is_who_can_reach_it_and_what_the_last_one_died_of()
    {
        await using var engine = new ScriptedEngine();
        using var cli = new CliUnderTest(engine);
        Assert.Contains("no shared engine runs", (await FindEngineAsync(cli)).Finding, StringComparison.Ordinal);

        var address = EngineFolder.Open(cli.EngineFolderPath).At("0123456789abcdef");
        using var stop = new CancellationTokenSource();
        var started = new TaskCompletionSource();
        var options = new EngineHostOptions { Address = address, Build = "a build", Model = "/models/a.gguf" };
        var host = EngineHost.RunAsync(options, () => Start(engine, started), NullLogger.Instance, TimeProvider.System, stop.Token);
        await started.Task;
        var running = await FindEngineAsync(cli);
        while (running.Finding.Contains("does not answer", StringComparison.Ordinal))
        {
            running = await FindEngineAsync(cli);
        }

        Assert.Equal("ok", running.Verdict);
        Assert.Contains($"/models/a.gguf: ready; process {Environment.ProcessId}, ", running.Finding, StringComparison.Ordinal);
        Assert.Contains("0 clients", running.Finding, StringComparison.Ordinal);

        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(Path.ChangeExtension(address.LogPath, ".sock"), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.OtherWrite);
            Assert.Equal(("warn", true), await FindEngineAsync(cli) is var open ? (open.Verdict, open.Finding.Contains("chmod go=", StringComparison.Ordinal)) : default);
        }

        await stop.CancelAsync();
        await host;
        // What a host leaves that was killed, and what it said last.
        await File.WriteAllTextAsync(address.LogPath, "llama.cpp: GGML_ASSERT failed\n", TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(Path.ChangeExtension(address.LogPath, ".crashes"), $"{TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds()} loading\n", TestContext.Current.CancellationToken);
        var dead = await FindEngineAsync(cli);
        Assert.Equal("warn", dead.Verdict);
        Assert.Contains("died once in ten minutes", dead.Finding, StringComparison.Ordinal);
        Assert.Contains("while it loaded its model, last words: llama.cpp: GGML_ASSERT failed", dead.Finding, StringComparison.Ordinal);

        static ScriptedEngine Start(ScriptedEngine engine, TaskCompletionSource started)
        {
            started.SetResult();
            return engine;
        }
    }

    private static async Task<(string? Verdict, string Finding)> FindEngineAsync(CliUnderTest cli)
    {
        cli.Clear();
        await cli.RunAsync("doctor", "--json");
        return JsonDocument.Parse(cli.Output).RootElement.GetProperty("checks").EnumerateArray().Where(check => check.GetProperty("name").GetString() == "engine")
            .Select(check => (check.GetProperty("verdict").GetString(), check.GetProperty("finding").GetString()!)).Single();
    }

    [Theory]
    [InlineData("NVIM v0.12.1", "0.12.1")]
    [InlineData("1.95.3", "1.95.3")]
    [InlineData("helix 25.01 (e7ac2fcd)", "25.1")]
    [InlineData("command not found", null)]
    public void Versions_are_found_in_what_editors_say(string text, string? expected) => Assert.Equal(expected, EditorChecks.FindVersion(text)?.ToString());
}
