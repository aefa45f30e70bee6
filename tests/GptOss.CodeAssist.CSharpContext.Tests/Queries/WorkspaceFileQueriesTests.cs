using GptOss.CodeAssist.CSharpContext.Queries;
using Microsoft.CodeAnalysis;

namespace GptOss.CodeAssist.CSharpContext.Tests.Queries;

/// <summary>Files beside the solution: a readme may be read, and nothing that is hidden, secret or elsewhere.</summary>
public sealed class WorkspaceFileQueriesTests : IDisposable
{
    private readonly FolderUnderTest _outside = FolderUnderTest.Create("// file: private.txt\nnot yours");
    private readonly FolderUnderTest _folder = FolderUnderTest.Create("""
        // file: README.md
        # Shop
        Sells.
        // file: docs/prices.md
        Seven.
        // file: .env
        KEY=1
        // file: hidden.txt
        hidden
        // file: .gitignore
        hidden.txt

        """);

    private readonly AdhocWorkspace _workspace = new();
    private readonly CodeQueries _queries;

    public WorkspaceFileQueriesTests()
    {
        File.WriteAllBytes(_folder.File("logo.bin"), [1, 0, 2]);
        File.CreateSymbolicLink(_folder.File("link.txt"), _outside.File("private.txt"));
        _queries = new CodeQueries(_workspace.CurrentSolution, [_folder.Path]);
    }

    public void Dispose()
    {
        _workspace.Dispose();
        _folder.Dispose();
        _outside.Dispose();
    }

    [Theory]
    [InlineData("README.md", "1: # Shop\n2: Sells.\n3: ")]
    [InlineData("docs/prices.md", "1: Seven.\n2: ")]
    public async Task A_file_beside_the_solution_can_be_read(string path, string expected) => Assert.Equal(expected, await ReadAsync(path));

    [Theory]
    [InlineData(".env")]
    [InlineData("hidden.txt")]
    [InlineData("logo.bin")]
    [InlineData("link.txt")]
    [InlineData("../{outside}/private.txt")]
    [InlineData("{outside}/private.txt")]
    [InlineData("missing.md")]
    public async Task What_is_secret_hidden_binary_or_elsewhere_cannot(string path)
    {
        var name = path.Replace("../{outside}", $"../{Path.GetFileName(_outside.Path)}", StringComparison.Ordinal).Replace("{outside}", _outside.Path, StringComparison.Ordinal);
        Assert.Equal($"There is no file {name} in the workspace that may be read.", await ReadAsync(name));
    }

    private Task<string> ReadAsync(string path) => _queries.ReadRangeAsync(path, 1, 100, TestContext.Current.CancellationToken);
}
