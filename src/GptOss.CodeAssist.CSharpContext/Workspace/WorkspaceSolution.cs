using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;

namespace GptOss.CodeAssist.CSharpContext.Workspace;

/// <summary>The workspace as a Roslyn solution, for what forks whole solutions: edits, and questions about references.</summary>
/// <remarks>Made when first asked for, in the background; completion never asks for it.</remarks>
public sealed class WorkspaceSolution : ISolutionSource, IDisposable
{
    private readonly CSharpWorkspace _workspace;
    private readonly Lock _lock = new();
    private readonly AdhocWorkspace _host = new();
    private ImmutableArray<ProjectDescription> _described;
    private Solution? _solution;
    private Task? _building;
    private CSharpDocument? _lastDocument;

    public WorkspaceSolution(CSharpWorkspace workspace)
    {
        ArgumentNullException.ThrowIfNull(workspace);
        _workspace = workspace;
        workspace.TextLeftToDisk += ReadAgain;
    }

    public ImmutableArray<string> Roots => _workspace.Folders;

    public Solution? FindSolution()
    {
        if (!_workspace.Loaded.IsCompletedSuccessfully)
        {
            return null;
        }

        lock (_lock)
        {
            var projects = _workspace.Projects;
            if (_solution is null || !projects.SequenceEqual(_described))
            {
                if (_building is null or { IsCompleted: true })
                {
                    _building = Task.Run(() => Build(projects));
                }

                return _solution is null ? null : WithOpenTexts(_solution);
            }

            return _solution = WithOpenTexts(_solution);
        }
    }

    /// <summary>The same, after it has been made.</summary>
    public async Task<Solution?> PrepareAsync(CancellationToken cancellationToken)
    {
        await _workspace.Loaded.WaitAsync(cancellationToken).ConfigureAwait(false);
        _ = FindSolution();
        Task? building;
        lock (_lock)
        {
            building = _building;
        }

        await (building ?? Task.CompletedTask).WaitAsync(cancellationToken).ConfigureAwait(false);
        return FindSolution();
    }

    public CSharpDocument? FindDocument(string path, SourceText text)
    {
        ArgumentNullException.ThrowIfNull(text);
        _workspace.SetText(path, text);
        var found = _workspace.FindDocument(path);
        // Asked at every move of a caret: the same text of the same project is bound once.
        if (found is null || _lastDocument is not { } last || last.Path != found.Path || last.Text != found.Text || last.Project != found.Project)
        {
            _lastDocument = found;
        }

        return found is null ? null : _lastDocument;
    }

    public ImmutableArray<string> FindAnalyzers(string path) =>
        _workspace.Projects.FirstOrDefault(project => project.SourceFiles.Contains(Path.GetFullPath(path), CompiledProject.PathComparer))?.AnalyzerFiles ?? [];

    public void Dispose()
    {
        _workspace.TextLeftToDisk -= ReadAgain;
        _host.Dispose();
    }

    private void ReadAgain(string path)
    {
        lock (_lock)
        {
            foreach (var id in _solution?.GetDocumentIdsWithFilePath(path) ?? [])
            {
                _solution = File.Exists(path)
                    ? _solution!.WithDocumentTextLoader(id, new FileTextLoader(path, null), PreservationMode.PreserveValue)
                    : _solution!.RemoveDocument(id);
            }
        }
    }

    private void Build(ImmutableArray<ProjectDescription> projects)
    {
        var ids = projects.ToDictionary(project => project.Path, project => ProjectId.CreateNewId(project.Path), CompiledProject.PathComparer);
        var solution = _host.CurrentSolution;
        foreach (var project in projects)
        {
            var id = ids[project.Path];
            var references = _workspace.TransitiveReferences(project).Where(ids.ContainsKey).Select(path => new ProjectReference(ids[path]));
            solution = solution.AddProject(ProjectInfo.Create(
                id, VersionStamp.Create(), Path.GetFileNameWithoutExtension(project.Path), project.AssemblyName, LanguageNames.CSharp, project.Path,
                compilationOptions: project.CompilationOptions, parseOptions: project.ParseOptions,
                documents: project.SourceFiles.Select(path => DocumentInfo.Create(DocumentId.CreateNewId(id, path), Path.GetFileName(path), loader: new FileTextLoader(path, null), filePath: path))
                    .Concat(project.GeneratedSources.Select(source => DocumentInfo.Create(
                        DocumentId.CreateNewId(id, source.Path), Path.GetFileName(source.Path),
                        loader: TextLoader.From(TextAndVersion.Create(SourceText.From(source.Text), VersionStamp.Create())), filePath: source.Path, isGenerated: true))),
                metadataReferences: _workspace.MetadataReferencesOf(project))
                .WithAnalyzerConfigDocuments(project.AnalyzerConfigFiles.Where(File.Exists).Select(path =>
                    DocumentInfo.Create(DocumentId.CreateNewId(id, path), Path.GetFileName(path), loader: new FileTextLoader(path, null), filePath: path))));
            solution = solution.WithProjectReferences(id, references);
        }

        lock (_lock)
        {
            _described = projects;
            _solution = solution;
        }
    }

    private Solution WithOpenTexts(Solution solution)
    {
        foreach (var (path, text) in _workspace.OpenTexts)
        {
            foreach (var id in solution.GetDocumentIdsWithFilePath(path))
            {
                if (solution.GetDocument(id) is { } document && (!document.TryGetText(out var known) || !ReferenceEquals(known, text)))
                {
                    solution = solution.WithDocumentText(id, text);
                }
            }
        }

        return solution;
    }
}
