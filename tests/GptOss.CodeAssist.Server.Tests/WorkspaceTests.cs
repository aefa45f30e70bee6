using GptOss.CodeAssist.Assistant;
using GptOss.CodeAssist.Assistant.CodeActions;
using GptOss.CodeAssist.Assistant.Prompts;
using GptOss.CodeAssist.CSharpContext;
using GptOss.CodeAssist.Server.Testing;
using GptOss.CodeAssist.TestSupport;
using Microsoft.Extensions.Logging.Abstractions;

namespace GptOss.CodeAssist.Server.Tests;

/// <summary>Folders, files on disk and trust, over real workspaces.</summary>
public sealed class WorkspaceTests : IDisposable
{
    private const string Asks = """{"window":{"showMessage":{}}}""";
    private readonly TemporaryFolder _folder = new();
    private readonly string _cart;

    public WorkspaceTests()
    {
        Directory.CreateDirectory(_folder.PathOf("Shop"));
        Write("Shop/Shop.csproj", """<Project Sdk="Microsoft.NET.Sdk"><PropertyGroup><TargetFramework>net10.0</TargetFramework></PropertyGroup></Project>""");
        Write("Shop/Price.cs", "public static class Price { public const int Base = 7; }\n");
        _cart = Write("Shop/Cart.cs", "public class Cart\n{\n    public int Total() => Price.Base;\n}\n");
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private string TrustFile => _folder.PathOf("trust", "folders.json");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task The_editor_is_asked_to_watch_and_what_it_reports_is_compiled()
    {
        await using var workspaces = Open(TrustPolicy.Never);
        await using var server = await ServerUnderTest.StartInitializedAsync(workspaces: workspaces, capabilities: """{"workspace":{"didChangeWatchedFiles":{"dynamicRegistration":true}}}""");
        var registered = (await server.Client.ReplyAsync("client/registerCapability")).GetProperty("params").GetProperty("registrations")[0];
        Assert.Equal("workspace/didChangeWatchedFiles", registered.GetProperty("method").GetString());
        Assert.Contains("{\"globPattern\":\"**/*.cs\"}", registered.GetRawText(), StringComparison.Ordinal);
        var source = workspaces.FindSource(_cart)!;
        Assert.Empty(await ErrorsAsync(source));

        Write("Shop/Price.cs", "public static class Price { }\n");
        await server.Client.NotifyAsync("workspace/didChangeWatchedFiles", $$"""{"changes":[{"uri":"{{UriOf("Shop/Price.cs")}}","type":2}]}""");

        await UntilAsync(server, async () => (await ErrorsAsync(source)).Length > 0);
        Assert.Equal(["CS0117"], await ErrorsAsync(source));
    }

    [Fact]
    public async Task Where_the_editor_does_not_watch_the_server_does()
    {
        await using var workspaces = Open(TrustPolicy.Never);
        await using var server = await ServerUnderTest.StartInitializedAsync(workspaces: workspaces);
        var source = workspaces.FindSource(_cart)!;
        Assert.Empty(await ErrorsAsync(source));

        // Watching begins in the background: a change before it has begun is none.
        await UntilAsync(server, async () =>
        {
            Write("Shop/Price.cs", $"public static class Price {{ }} // {Guid.NewGuid()}\n");
            return (await ErrorsAsync(source)).Length > 0;
        });
        Assert.Equal(["CS0117"], await ErrorsAsync(source));
    }

    [Fact]
    public async Task A_closed_folder_is_let_go_of_and_an_opened_one_is_where_chat_looks()
    {
        await using var workspaces = Open(TrustPolicy.Never);
        await using var server = await ServerUnderTest.StartInitializedAsync(workspaces: workspaces, folders: $$"""[{"uri":"{{UriOf("Shop")}}","name":"Shop"}]""");
        Assert.NotNull(workspaces.FindSource(null));
        Assert.Equal([_folder.PathOf("Shop")], workspaces.Folders);

        await server.Client.NotifyAsync("workspace/didChangeWorkspaceFolders", $$$"""{"event":{"added":[],"removed":[{"uri":"{{{UriOf("Shop")}}}","name":"Shop"}]}}""");
        await server.Client.RequestAsync("gptOss/resetChat", """{"conversationId":"none"}""");
        Assert.Empty(workspaces.Folders);
        Assert.Null(workspaces.FindSource(null));

        await server.Client.NotifyAsync("workspace/didChangeWorkspaceFolders", $$$"""{"event":{"added":[{"uri":"{{{UriOf("Shop")}}}","name":"Shop"}],"removed":[]}}""");
        await server.Client.RequestAsync("gptOss/resetChat", """{"conversationId":"none"}""");
        Assert.NotNull(workspaces.FindSource(null));
    }

    [Theory]
    [InlineData("\"Trust the folder\"", true)]
    [InlineData("\"Never for this folder\"", false)]
    public async Task The_person_is_asked_about_a_folder_once(string answer, bool isTrusted)
    {
        await using (var workspaces = Open(TrustPolicy.Ask))
        {
            await using var server = await ServerUnderTest.StartInitializedAsync(workspaces: workspaces, capabilities: Asks, actions: Actions(workspaces));
            await OpenAndListAsync(server);
            var asked = await server.Client.ReplyAsync("window/showMessageRequest", $$"""{"title":{{answer}}}""");
            Assert.Contains(_folder.PathOf("Shop"), asked.GetProperty("params").GetProperty("message").GetString(), StringComparison.Ordinal);
            await UntilAsync(server, () => Task.FromResult(File.Exists(TrustFile)));
        }

        var again = new FolderTrust(() => TrustPolicy.Ask, TrustFile, NullLogger.Instance);
        Assert.Equal(isTrusted, again.Find(_folder.PathOf("Shop")));
        Assert.Null(again.Find(_folder.FullName));
    }

    [Fact]
    public async Task A_question_left_unanswered_decides_nothing()
    {
        await using var workspaces = Open(TrustPolicy.Ask);
        await using var server = await ServerUnderTest.StartInitializedAsync(workspaces: workspaces, capabilities: Asks, actions: Actions(workspaces));
        await OpenAndListAsync(server);
        await server.Client.ReplyAsync("window/showMessageRequest");

        await server.Client.RequestAsync("gptOss/resetChat", """{"conversationId":"none"}""");
        Assert.False(File.Exists(TrustFile));
    }

    [Theory]
    [InlineData(TrustPolicy.Always, true)]
    [InlineData(TrustPolicy.Never, false)]
    public void The_setting_decides_before_anybody_is_asked(TrustPolicy policy, bool isTrusted)
    {
        var trust = new FolderTrust(() => policy, TrustFile, NullLogger.Instance);
        trust.Decide(_folder.FullName, !isTrusted);
        Assert.Equal(isTrusted, trust.Find(_folder.FullName));
    }

    [Fact]
    public void A_damaged_file_of_decisions_means_that_nobody_has_decided()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(TrustFile)!);
        File.WriteAllText(TrustFile, "{\"a\":");
        var trust = new FolderTrust(() => TrustPolicy.Ask, TrustFile, NullLogger.Instance);

        Assert.Null(trust.Find("a"));
        trust.Decide("a", true);

        Assert.True(new FolderTrust(() => TrustPolicy.Ask, TrustFile, NullLogger.Instance).Find("a"));
    }

    private CSharpWorkspaces Open(TrustPolicy policy) => new(
        path => path.StartsWith(_folder.PathOf("Shop"), StringComparison.Ordinal) ? _folder.PathOf("Shop") : null, NullLogger.Instance, null, new FolderTrust(() => policy, TrustFile, NullLogger.Instance));

    private static CodeActionService Actions(CSharpWorkspaces workspaces) =>
        new(new ScriptedEngine(ScriptedEngine.HarmonyModel), workspaces.FindSource, PromptLibrary.BuiltInOnly, NullLogger.Instance);

    private async Task OpenAndListAsync(ServerUnderTest server)
    {
        await server.OpenAsync(UriOf("Shop/Cart.cs"), await File.ReadAllTextAsync(_cart, Cancel));
        await server.Client.RequestAsync(
            "textDocument/codeAction",
            $$$"""{"textDocument":{"uri":"{{{UriOf("Shop/Cart.cs")}}}"},"range":{"start":{"line":2,"character":4},"end":{"line":2,"character":4}},"context":{"diagnostics":[]}}""");
    }

    private async Task<string[]> ErrorsAsync(ISolutionSource source)
    {
        var solution = await source.PrepareAsync(Cancel);
        var document = solution!.GetDocument(solution.GetDocumentIdsWithFilePath(_cart).Single())!;
        return [.. (await document.GetSemanticModelAsync(Cancel))!.GetDiagnostics(null, Cancel).Where(found => found.Severity == Microsoft.CodeAnalysis.DiagnosticSeverity.Error).Select(found => found.Id)];
    }

    /// <summary>A notification is not answered, so its effect is looked for until it is there.</summary>
    private static async Task UntilAsync(ServerUnderTest server, Func<Task<bool>> isThere)
    {
        await server.Client.Bounded(LookAsync(), "the effect of a notification");

        async Task<bool> LookAsync()
        {
            while (!await isThere())
            {
                await Task.Yield();
            }

            return true;
        }
    }

    private string UriOf(string name) => new Uri(_folder.PathOf(name)).AbsoluteUri;

    private string Write(string name, string text)
    {
        File.WriteAllText(_folder.PathOf(name), text);
        return _folder.PathOf(name);
    }
}
