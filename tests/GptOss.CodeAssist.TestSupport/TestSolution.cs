using System.Collections.Immutable;
using GptOss.CodeAssist.CSharpContext;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Text;

namespace GptOss.CodeAssist.TestSupport;

/// <summary>A real Roslyn solution of several projects, in memory, below <c>/ws</c>.</summary>
public sealed class TestSolution : ISolutionSource, IDisposable
{
    private static readonly ImmutableArray<MetadataReference> Everything =
        [.. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator).Select(path => MetadataReference.CreateFromFile(path))];

    private static readonly ImmutableArray<MetadataReference> Framework =
        [.. Everything.Where(reference => Path.GetFileName(reference.Display)!.StartsWith("System.", StringComparison.Ordinal))];

    private readonly AdhocWorkspace _workspace = new();

    public TestSolution() => Current = _workspace.CurrentSolution;

    public static string Root { get; } = Path.Combine(Path.GetPathRoot(Path.GetTempPath())!, "ws");

    public Solution Current { get; set; }

    public ImmutableArray<string> Roots { get; } = [Root];

    public Solution? FindSolution() => Current;

    public Task<Solution?> PrepareAsync(CancellationToken cancellationToken) => Task.FromResult<Solution?>(Current);

    public CSharpDocument? FindDocument(string path, SourceText text)
    {
        var compilation = Find(path)?.Project.GetCompilationAsync().GetAwaiter().GetResult() as CSharpCompilation;
        return CSharpDocument.Parse(path, text, compilation is null ? null : new CompiledProject(compilation, referencesComplete: true, generatorsRan: true));
    }

    public ImmutableArray<string> FindAnalyzers(string path) => [];

    public void Dispose() => _workspace.Dispose();

    /// <summary>Adds a project with its files, and with the test framework where its name ends in <c>.Tests</c>.</summary>
    /// <param name="references">Names of projects added before.</param>
    public TestSolution Add(string project, IEnumerable<(string Name, string Text)> files, params string[] references)
    {
        var isTests = project.EndsWith(".Tests", StringComparison.Ordinal);
        var id = ProjectId.CreateNewId(project);
        Current = Current.AddProject(ProjectInfo.Create(
            id,
            VersionStamp.Default,
            project,
            project,
            LanguageNames.CSharp,
            filePath: Path.Combine(Root, project, project + ".csproj"),
            compilationOptions: new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, nullableContextOptions: NullableContextOptions.Enable),
            metadataReferences: isTests ? Everything : Framework,
            projectReferences: references.Select(name => new ProjectReference(Current.Projects.Single(other => other.Name == name).Id))));
        foreach (var (name, text) in files)
        {
            Current = Current.AddDocument(DocumentId.CreateNewId(id), name, SourceText.From(text), filePath: PathOf(project, name));
        }

        return this;
    }

    public static string PathOf(string project, string file) => Path.Combine(Root, project, file);

    /// <summary>The document of a full path; null where there is none.</summary>
    public Document? Find(string path) => Current.GetDocumentIdsWithFilePath(path).Select(id => Current.GetDocument(id)).FirstOrDefault();

    public Document Find(string project, string file) => Current.Projects.Single(other => other.Name == project).Documents.Single(document => document.Name == file);
}
