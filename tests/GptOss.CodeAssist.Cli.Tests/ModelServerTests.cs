using System.Text.Json;
using GptOss.CodeAssist.TestSupport;
using GptOss.CodeAssist.TestSupport.Serving;

namespace GptOss.CodeAssist.Cli.Tests;

public sealed class ModelServerTests : IAsyncDisposable
{
    private const string Key = "k-4711-nobody-may-see";

    private readonly ModelServer _server = new(ServerKind.Vllm) { Says = request => request.Prompt.Length > 0 ? ["{ get; set; }", ServedPiece.Special("<|end|>")] : [] };
    private readonly ScriptedEngine _local = new();
    private readonly CliUnderTest _cli;
    private readonly TemporaryFolder _folder = new();

    public ModelServerTests() => _cli = new CliUnderTest(_local);

    public async ValueTask DisposeAsync()
    {
        _cli.Dispose();
        _folder.Dispose();
        await _local.DisposeAsync();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task A_completion_comes_from_the_server_that_the_command_line_names()
    {
        var file = await WriteAsync("class Check\n{\n    public int Count \n}\n");

        Assert.Equal(0, await _cli.RunAsync("complete", $"{file}:3:22", "--engine", _server.Endpoint, "--json"));

        Assert.Contains("{ get; set; }", _cli.Output, StringComparison.Ordinal);
        Assert.Null(_cli.EngineOptions);
    }

    [Fact]
    public async Task A_question_is_answered_by_the_server_that_the_settings_name_with_the_model_and_the_key_that_they_name()
    {
        _cli.Variables["TEAM_KEY"] = Key;
        _server.Says = _ => [ServedPiece.Special("<|channel|>"), "final", ServedPiece.Special("<|message|>"), "Yes.", ServedPiece.Special("<|return|>")];
        Assert.Equal(0, await _cli.RunAsync("config", "set", "engine", _server.Endpoint + "/v1"));
        Assert.Equal(0, await _cli.RunAsync("config", "set", "server.model", "gpt-oss-20b"));
        Assert.Equal(0, await _cli.RunAsync("config", "set", "server.keyVariable", "TEAM_KEY"));
        // Nobody here has this file, and nobody needs it.
        Assert.Equal(0, await _cli.RunAsync("config", "set", "model", "gpt-oss-120b"));
        _cli.Clear();

        Assert.Equal(0, await _cli.RunAsync("chat", "Is it so?", "--no-tools", "--file", await WriteAsync("class Check { }"), "--json"));

        Assert.Equal("Yes.", JsonDocument.Parse(_cli.Output).RootElement.GetProperty("text").GetString());
        Assert.All(_server.Requests, request => Assert.Equal($"Bearer {Key}", request.Authorization));
    }

    [Fact]
    public async Task The_command_line_has_the_last_word_on_where_the_model_runs()
    {
        await _cli.RunAsync("config", "set", "engine", _server.Endpoint);

        await _cli.RunAsync("doctor", "--engine", "embedded");

        Assert.NotNull(_cli.EngineOptions);
        Assert.Empty(_server.Requests);
    }

    [Theory]
    [InlineData("shred")]
    [InlineData("ftp://models.example")]
    [InlineData("http://me:hidden@models.example")]
    public async Task An_engine_that_does_not_exist_is_refused(string engine)
    {
        Assert.Equal(2, await _cli.RunAsync("doctor", "--engine", engine));

        Assert.Contains("--engine wants auto, embedded, shared or the address of a model server.", Assert.Single(_cli.Error.TrimEnd().Split('\n')), StringComparison.Ordinal);
        Assert.DoesNotContain("hidden", _cli.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_workspace_cannot_say_where_code_is_sent()
    {
        Directory.CreateDirectory(_folder.PathOf(".git"));
        Directory.CreateDirectory(_folder.PathOf(".gptoss"));
        await File.WriteAllTextAsync(_folder.PathOf(".gptoss", "settings.json"), $$"""{ "engine": "{{_server.Endpoint}}" }""", TestContext.Current.CancellationToken);

        await _cli.RunAsync("config", "show", "--folder", _folder.FullName, "--json");

        var setting = JsonDocument.Parse(_cli.Output).RootElement.GetProperty("settings").EnumerateArray().Single(setting => setting.GetProperty("key").GetString() == "engine");
        Assert.Equal("builtIn", setting.GetProperty("origin").GetString());
    }

    [Fact]
    public async Task The_doctor_describes_the_server_and_neither_it_nor_its_report_shows_the_key()
    {
        var key = _folder.PathOf("key.txt");
        await File.WriteAllTextAsync(key, Key + "\n", TestContext.Current.CancellationToken);
        await _cli.RunAsync("config", "set", "server.keyFile", key);
        _cli.Clear();

        await _cli.RunAsync("doctor", "--engine", _server.Endpoint, "--report", _folder.PathOf("report.md"), "--json");

        var check = Check("server");
        Assert.Equal("ok", check.Verdict);
        Assert.Contains($"vLLM 0.11.0 at {_server.Endpoint}", check.Finding, StringComparison.Ordinal);
        Assert.Contains($"with the key in {key}", check.Finding, StringComparison.Ordinal);
        Assert.StartsWith("`public int Count ` went on with `{ get; set; }`", Check("completion").Finding, StringComparison.Ordinal);
        Assert.DoesNotContain(Key, _cli.Output + _cli.Error + await File.ReadAllTextAsync(_folder.PathOf("report.md"), TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_doctor_says_what_a_server_that_only_chats_is_good_for()
    {
        await using var ollama = new ModelServer(ServerKind.Ollama);

        await _cli.RunAsync("doctor", "--engine", ollama.Endpoint, "--json");

        Assert.Contains("Ollama 0.12.0", Check("server").Finding, StringComparison.Ordinal);
        Assert.Equal("warn", Check("completion").Verdict);
        Assert.Contains("chats but does not complete", Check("completion").Finding, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_is_not_there_fails_with_one_line()
    {
        await _server.DisposeAsync();

        Assert.Equal(1, await _cli.RunAsync("complete", $"{await WriteAsync("class Check { }")}:1:16", "--engine", _server.Endpoint));

        Assert.StartsWith($"{_server.Endpoint} cannot be reached (", Assert.Single(_cli.Error.TrimEnd().Split('\n')), StringComparison.Ordinal);
    }

    private (string? Verdict, string Finding) Check(string name)
    {
        var check = JsonDocument.Parse(_cli.Output).RootElement.GetProperty("checks").EnumerateArray().Single(check => check.GetProperty("name").GetString() == name);
        return (check.GetProperty("verdict").GetString(), check.GetProperty("finding").GetString()!);
    }

    private async Task<string> WriteAsync(string text)
    {
        var file = _folder.PathOf("Check.cs");
        await File.WriteAllTextAsync(file, text, TestContext.Current.CancellationToken);
        return file;
    }
}
