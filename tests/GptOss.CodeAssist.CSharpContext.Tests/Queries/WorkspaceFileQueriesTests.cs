using GptOss.CodeAssist.CSharpContext.Queries;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;

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
        // file: src/app.csproj
        <Project><PropertyGroup><Nullable>enable</Nullable></PropertyGroup></Project>
        // file: web/main.ts
        export const seven = 7;
        // file: appsettings.json
        { "seven": "secret" }
        // file: .env
        SEVEN=1
        // file: hidden.txt
        hidden seven
        // file: .gitignore
        hidden.txt

        """);

    private readonly AdhocWorkspace _workspace = new();
    private readonly CodeQueries _queries;

    public WorkspaceFileQueriesTests()
    {
        File.WriteAllBytes(_folder.File("logo.bin"), [1, 0, 2]);
        File.CreateSymbolicLink(_folder.File("link.txt"), _outside.File("private.txt"));
        Directory.CreateSymbolicLink(_folder.File("away"), _outside.Path);
        _folder.Write("long.json", $"{new string('x', 100_000)}, seventeen, {new string('y', 100_000)}");
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
    [InlineData("away/private.txt")]
    [InlineData("appsettings.json")]
    [InlineData("../{outside}/private.txt")]
    [InlineData("{outside}/private.txt")]
    [InlineData("missing.md")]
    public async Task What_is_secret_hidden_binary_or_elsewhere_cannot(string path)
    {
        var name = path.Replace("../{outside}", $"../{Path.GetFileName(_outside.Path)}", StringComparison.Ordinal).Replace("{outside}", _outside.Path, StringComparison.Ordinal);
        Assert.Equal($"There is no file {name} in the workspace that may be read.", await ReadAsync(name));
    }

    [Fact]
    public async Task A_search_goes_through_the_workspaces_other_files_and_no_hidden_ones()
    {
        var found = await _queries.SearchTextAsync("SEVEN", null, 60, TestContext.Current.CancellationToken);

        Assert.Equal(["docs/prices.md:1: Seven.", "web/main.ts:1: export const seven = 7;"], found.Split('\n').Where(line => !line.StartsWith("long.json", StringComparison.Ordinal)).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Of_a_long_line_only_what_is_around_the_match_is_told()
    {
        var found = await _queries.SearchTextAsync("seventeen", "*.json", 60, TestContext.Current.CancellationToken);

        Assert.InRange(found.Length, 240, 270);
        Assert.StartsWith("long.json:1: …xxx", found, StringComparison.Ordinal);
        Assert.Contains("x, seventeen, y", found, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("*.csproj", "src/app.csproj:1: <Project><PropertyGroup><Nullable>enable</Nullable></PropertyGroup></Project>")]
    [InlineData("src/*", "src/app.csproj:1: <Project><PropertyGroup><Nullable>enable</Nullable></PropertyGroup></Project>")]
    [InlineData("*.md", "No line of *.md holds \"nullable\".")]
    public async Task A_search_may_be_for_some_files(string files, string expected) =>
        Assert.Equal(expected, await _queries.SearchTextAsync("nullable", files, 60, TestContext.Current.CancellationToken));

    [Fact]
    public async Task A_search_ends_where_there_is_more_than_anybody_reads() =>
        Assert.Equal("... more than 1; ask for less.", (await _queries.SearchTextAsync("e", null, 1, TestContext.Current.CancellationToken)).Split('\n')[1]);

    [Theory]
    [InlineData(null, ".gitignore\nREADME.md\ndocs/prices.md\nlogo.bin\nlong.json\nsrc/app.csproj\nweb/main.ts")]
    [InlineData("docs/*", "docs/prices.md")]
    [InlineData("*.env", "No file is named *.env.")]
    public void The_files_can_be_listed(string? files, string expected) =>
        Assert.Equal(expected, string.Join('\n', _queries.ListFiles(files, 200, TestContext.Current.CancellationToken).Split('\n').Order(StringComparer.Ordinal)));

    [Fact]
    public async Task What_the_editor_shows_of_a_file_counts_and_not_what_the_disk_has()
    {
        var open = new Dictionary<string, SourceText> { [_folder.File("README.md")] = SourceText.From("# Unsaved"), [_folder.File(".env")] = SourceText.From("UNSAVED=1") };
        var queries = new CodeQueries(_workspace.CurrentSolution, [_folder.Path], open);

        Assert.Equal("README.md:1: # Unsaved", await queries.SearchTextAsync("unsaved", null, 60, TestContext.Current.CancellationToken));
        Assert.Equal("1: # Unsaved", await queries.ReadRangeAsync("README.md", 1, 9, TestContext.Current.CancellationToken));
        Assert.StartsWith("There is no file .env", await queries.ReadRangeAsync(".env", 1, 9, TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    private Task<string> ReadAsync(string path) => _queries.ReadRangeAsync(path, 1, 100, TestContext.Current.CancellationToken);
}
