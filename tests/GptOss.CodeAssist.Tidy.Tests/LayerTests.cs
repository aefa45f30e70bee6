using System.Xml.Linq;

namespace GptOss.CodeAssist.Tidy.Tests;

public sealed class LayerTests
{
    private static readonly LayerTable Table = LayerTable.Read();

    [Fact]
    public void The_architecture_page_names_exactly_the_projects_that_exist()
    {
        var projects = Repository.SourceProjects.Select(Repository.ShortName).Order(StringComparer.Ordinal).ToArray();

        Assert.NotEmpty(projects);
        Assert.Equal(projects, Table.Allowed.Keys);
        Assert.Equal(projects, Table.Layers.Keys);
    }

    [Fact]
    public void The_table_allows_only_references_that_point_downward() =>
        Assert.All(Table.Allowed.Where(row => row.Key != "Cli"), row => Assert.All(row.Value, reference => Assert.True(Table.Layers[reference] < Table.Layers[row.Key], $"{row.Key} -> {reference}")));

    [Fact]
    public void Projects_reference_only_what_the_table_allows() =>
        Assert.All(Repository.SourceProjects, project =>
        {
            var references = Values(project, "ProjectReference").Select(reference => Repository.ShortName(reference.Replace('\\', '/')));
            var forbidden = references.Except(Table.Allowed[Repository.ShortName(project)]).ToArray();
            Assert.True(forbidden.Length == 0, $"{project} must not reference {string.Join(", ", forbidden)}: see the table in ARCHITECTURE.md.");
        });

    [Fact]
    public void References_are_never_transitive()
    {
        var properties = XDocument.Parse(Repository.Read("Directory.Build.props"));

        Assert.Equal("true", properties.Descendants("DisableTransitiveProjectReferences").Single().Value);
        Assert.DoesNotContain(Repository.Projects, project => Repository.Read(project).Contains("DisableTransitiveProjectReferences", StringComparison.Ordinal));
    }

    // Cli for its demonstration alone, whose client speaks to the server as a foreign editor would, and therefore not through Rpc.
    [Fact]
    public void Only_the_transport_references_StreamJsonRpc() => CheckOnly(["Rpc", "EngineDaemon", "Cli"], project => Values(project, "PackageReference").Contains("StreamJsonRpc"));

    [Fact]
    public void Only_the_native_edge_may_be_unsafe() => CheckOnly(["Inference.Llama"], project => Repository.Read(project).Contains("AllowUnsafeBlocks", StringComparison.Ordinal));

    [Fact]
    public void Nothing_in_src_references_test_libraries() =>
        CheckOnly([], project => Values(project, "PackageReference").Any(package => package.StartsWith("xunit", StringComparison.Ordinal) || package is "CsCheck" or "BenchmarkDotNet"));

    // `context` and `eval context` count the tokens of gpt-oss without a model at hand, and a model at a server is not at hand either; whoever runs one asks its own vocabulary.
    [Fact]
    public void Only_who_has_no_model_at_hand_counts_tokens_without_one() => CheckOnly(["Cli", "Inference.OpenAi"], project => Values(project, "PackageReference").Contains("Microsoft.ML.Tokenizers"));

    [Fact]
    public void Every_project_is_in_the_solution()
    {
        var solution = Repository.Read(Repository.Solution).Replace('\\', '/');

        Assert.All(Repository.Projects, project => Assert.Contains($"\"{project}\"", solution, StringComparison.Ordinal));
    }

    [Fact]
    public void Every_test_project_is_named_so_that_the_build_knows_it()
    {
        var odd = Repository.Projects.Where(project => project.StartsWith("tests/", StringComparison.Ordinal) && !project.EndsWith(".Tests.csproj", StringComparison.Ordinal)
            && Repository.Files.Any(file => file.StartsWith(Path.GetDirectoryName(project)!.Replace('\\', '/') + "/", StringComparison.Ordinal) && file.EndsWith("Tests.cs", StringComparison.Ordinal)));

        Assert.Empty(odd);
    }

    private static void CheckOnly(string[] may, Func<string, bool> does) =>
        Assert.Empty(Repository.SourceProjects.Where(does).Select(Repository.ShortName).Except(may));

    private static IEnumerable<string> Values(string project, string element) =>
        XDocument.Parse(Repository.Read(project)).Descendants(element).Select(item => item.Attribute("Include")?.Value).OfType<string>();
}
