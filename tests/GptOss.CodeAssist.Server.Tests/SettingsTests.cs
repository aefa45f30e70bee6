using GptOss.CodeAssist.Server.Testing;
using GptOss.CodeAssist.Settings;
using GptOss.CodeAssist.TestSupport;

namespace GptOss.CodeAssist.Server.Tests;

/// <summary>Settings, in every way in which editors give them.</summary>
public sealed class SettingsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly SettingsStore _store;

    public SettingsTests() => _store = new SettingsStore(_folder.PathOf("settings.json"), SettingsLayer.Empty(SettingsOrigin.CommandLine), TimeProvider.System);

    private (int Lines, SettingsRank Rank) MaxLines => (_store.For(null).Get(SettingsSchema.MaxLines), _store.For(null).OriginOf(SettingsSchema.MaxLines).Rank);

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("""{"completion":{"maxLines":3}}""")]
    [InlineData("""{"gptOss":{"completion.maxLines":3}}""")]
    public async Task Initialization_options_count(string options)
    {
        await using var server = await StartAsync("{}", options);

        Assert.Equal((3, SettingsRank.Editor), MaxLines);
    }

    [Fact]
    public async Task Settings_that_an_editor_pushes_count_at_once()
    {
        await using var server = await StartAsync("{}", """{"completion":{"maxLines":3}}""");

        await server.Client.NotifyAsync("workspace/didChangeConfiguration", """{"settings":{"gptOss":{"completion":{"maxLines":5}}}}""");
        await server.Client.RequestAsync("gptOss/resetChat", """{"conversationId":"none"}""");

        Assert.Equal((5, SettingsRank.Editor), MaxLines);
    }

    [Fact]
    public async Task An_editor_that_answers_is_asked_at_the_start_and_after_a_change()
    {
        await using var server = await StartAsync("""{"workspace":{"configuration":true,"didChangeConfiguration":{"dynamicRegistration":true}}}""", "null");
        var asked = await server.Client.ReplyAsync("workspace/configuration", """[{"completion":{"maxLines":3,"gate":null}}]""");
        var registered = await server.Client.ReplyAsync("client/registerCapability");
        Assert.Equal("gptOss", asked.GetProperty("params").GetProperty("items")[0].GetProperty("section").GetString());
        Assert.Equal("workspace/didChangeConfiguration", registered.GetProperty("params").GetProperty("registrations")[0].GetProperty("method").GetString());

        await server.Client.NotifyAsync("workspace/didChangeConfiguration", """{"settings":null}""");
        await server.Client.ReplyAsync("workspace/configuration", """[{"completion":{"maxLines":500}}]""");

        Assert.Equal("gptoss-codeassist: completion.maxLines is 500 in the editor's settings, where it wants a whole number from 1 to 100; it does not count.", await ShownAsync(server));
        Assert.Equal((12, SettingsRank.BuiltIn), MaxLines);
    }

    [Fact]
    public async Task What_is_wrong_in_the_users_file_is_shown_once()
    {
        await File.WriteAllTextAsync(_store.UserFile, "{ oops", TestContext.Current.CancellationToken);
        await using var server = await StartAsync("{}", "null");

        Assert.Contains("settings.json is no JSON (line 1, column 3); none of its settings count.", await ShownAsync(server), StringComparison.Ordinal);
        await server.Client.NotifyAsync("workspace/didChangeConfiguration", """{"settings":{}}""");
    }

    private static async Task<string?> ShownAsync(ServerUnderTest server) => (await server.Client.ClaimAsync("window/showMessage")).GetProperty("message").GetString();

    private async Task<ServerUnderTest> StartAsync(string capabilities, string options)
    {
        var server = ServerUnderTest.Start(settings: _store);
        await server.Client.RequestAsync("initialize", $$"""{"processId":null,"rootUri":null,"capabilities":{{capabilities}},"initializationOptions":{{options}}}""");
        await server.Client.NotifyAsync("initialized", "{}");
        return server;
    }
}
