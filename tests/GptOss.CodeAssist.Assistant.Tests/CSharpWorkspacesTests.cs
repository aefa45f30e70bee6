using GptOss.CodeAssist.Assistant.Completion;
using GptOss.CodeAssist.TestSupport;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;
using Microsoft.Extensions.Logging.Abstractions;

namespace GptOss.CodeAssist.Assistant.Tests;

public sealed class CSharpWorkspacesTests : IAsyncDisposable
{
    private const string OnDisk = "public class Cart\n{\n    public int Total() => Price.Base;\n}\n";

    private readonly TemporaryFolder _folder = new();
    private readonly CSharpWorkspaces _workspaces;
    private readonly string _cart;

    public CSharpWorkspacesTests()
    {
        Write("Shop.csproj", """<Project Sdk="Microsoft.NET.Sdk"><PropertyGroup><TargetFramework>net10.0</TargetFramework></PropertyGroup></Project>""");
        Write("Price.cs", "public static class Price { public const int Base = 7; }\n");
        _cart = Write("Cart.cs", OnDisk);
        _workspaces = new CSharpWorkspaces(path => path.StartsWith(_folder.FullName, StringComparison.Ordinal) ? _folder.FullName : null, NullLogger.Instance);
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        await _workspaces.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Completion_chat_and_actions_look_into_one_workspace_a_folder()
    {
        var edited = Snapshot("public class Cart\n{\n    public int Renamed() => Price.Base;\n}\n");

        await _workspaces.PrepareAsync(edited, Cancel);
        Assert.NotNull(_workspaces.FindProject(edited));
        var solution = await _workspaces.FindSource(_cart)!.PrepareAsync(Cancel);

        Assert.Equal([_folder.FullName], _workspaces.Folders);
        Assert.Same(_workspaces.FindSource(_cart), _workspaces.FindSource(null));
        Assert.Equal(edited.Text.ToString(), await TextOf(solution!));
    }

    [Fact]
    public async Task A_loose_file_has_no_workspace()
    {
        using var elsewhere = new TemporaryFolder();
        var loose = new DocumentSnapshot(elsewhere.PathOf("Loose.cs"), "csharp", 1, SourceText.From("class A;"));

        Assert.Null(_workspaces.FindProject(loose));
        Assert.Null(_workspaces.FindSource(loose.Path));
        await _workspaces.PrepareAsync(loose, Cancel);
        Assert.Empty(_workspaces.Folders);
    }

    [Fact]
    public async Task A_file_that_is_a_secret_or_hidden_is_completed_by_nobody()
    {
        Write(".gptossignore", "Hidden.cs\n");
        await using var engine = new ScriptedEngine();
        var service = new CompletionService(engine, CompletionOptions.Default, NullLogger.Instance, workspace: _workspaces);
        var loose = new CompletionService(engine, CompletionOptions.Default, NullLogger.Instance);

        Assert.Equal(("excluded-file", true), await AskAsync(service, "Hidden.cs"));
        Assert.Equal(("excluded-file", true), await AskAsync(service, ".env"));
        Assert.Equal(("excluded-file", true), await AskAsync(loose, "appsettings.Production.json"));
        Assert.Empty(engine.Requests);

        Write(".gptossignore", "");
        _workspaces.FilesChanged([_folder.PathOf(".gptossignore")]);
        Assert.NotEqual(("excluded-file", true), await AskAsync(service, "Hidden.cs"));

        async Task<(string?, bool)> AskAsync(CompletionService asked, string name)
        {
            var document = new DocumentSnapshot(_folder.PathOf(name), "csharp", 1, SourceText.From("class A { int x = "));
            var answer = await asked.CompleteAsync(new CompletionRequest(document, document.Text.Length, CompletionTrigger.Invoked), Cancel);
            return (answer.Reason?.Code, answer.Reason?.Message.StartsWith(name, StringComparison.Ordinal) ?? false);
        }
    }

    [Fact]
    public async Task Reading_the_projects_is_told_and_MSBuild_can_be_done_without()
    {
        var told = new List<WorkspaceLoading>();
        var both = new TaskCompletionSource();
        await using var trusting = new CSharpWorkspaces(_ => _folder.FullName, NullLogger.Instance, trust: new FolderTrust(() => TrustPolicy.Always, null, NullLogger.Instance));
        trusting.Loading += loading =>
        {
            told.Add(loading);
            loading.Stop?.Invoke();
            if (told.Count == 2)
            {
                both.SetResult();
            }
        };

        Assert.NotNull(trusting.FindSource(_cart));
        await both.Task;
        await Task.WhenAll(told.Select(loading => loading.Done));

        Assert.Equal([$"Reading the C# projects of {Path.GetFileName(_folder.FullName)}", $"Loading the C# projects of {Path.GetFileName(_folder.FullName)} with MSBuild"], told.Select(loading => loading.Activity));
        Assert.Equal("1 project; Loading with MSBuild was stopped by the person; the projects are as their files alone say.", told[1].Describe());
    }

    [Fact]
    public async Task The_disk_counts_again_when_the_editor_closes_a_document()
    {
        await _workspaces.PrepareAsync(Snapshot(OnDisk), Cancel);
        _workspaces.FindProject(Snapshot("class Unsaved;"));
        var source = _workspaces.FindSource(_cart)!;
        Assert.Equal("class Unsaved;", await TextOf((await source.PrepareAsync(Cancel))!));

        _workspaces.Close(_cart);

        Assert.Equal(OnDisk, await TextOf((await source.PrepareAsync(Cancel))!));
    }

    [Fact]
    public async Task A_document_is_bound_once_for_each_text()
    {
        var document = Snapshot("public class Cart\n{\n    public int Total() => Price.Missing;\n}\n");
        await _workspaces.PrepareAsync(document, Cancel);
        var source = _workspaces.FindSource(_cart)!;

        var first = source.FindDocument(_cart, document.Text)!;
        var second = source.FindDocument(_cart, document.Text)!;
        var third = source.FindDocument(_cart, SourceText.From(OnDisk))!;

        Assert.Same(first, second);
        Assert.Equal(["CS0117"], first.Model!.GetDiagnostics(null, Cancel).Where(found => found.Severity == DiagnosticSeverity.Error).Select(found => found.Id));
        Assert.DoesNotContain(third.Model!.GetDiagnostics(null, Cancel), found => found.Severity == DiagnosticSeverity.Error);
    }

    private async Task<string> TextOf(Solution solution) => (await solution.GetDocument(solution.GetDocumentIdsWithFilePath(_cart).Single())!.GetTextAsync(Cancel)).ToString();

    private DocumentSnapshot Snapshot(string text) => new(_cart, "csharp", 1, SourceText.From(text));

    private string Write(string name, string text)
    {
        File.WriteAllText(_folder.PathOf(name), text);
        return _folder.PathOf(name);
    }
}
