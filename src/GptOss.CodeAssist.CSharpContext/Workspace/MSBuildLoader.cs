using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.MSBuild;
using Microsoft.Extensions.Logging;

namespace GptOss.CodeAssist.CSharpContext.Workspace;

/// <summary>Lets MSBuild describe the projects, in a process of its own. Runs the repository's build code, so only for folders that the user trusts.</summary>
internal static class MSBuildLoader
{
    private static readonly string[] SolutionPatterns = ["*.slnf", "*.slnx", "*.sln"];

    /// <summary>MSBuild's descriptions, with the quick one kept for each project that MSBuild could not load; null where it could load none.</summary>
    /// <param name="folders">The workspace folders.</param>
    /// <param name="quick">What the project files alone said.</param>
    /// <param name="filter">What may be read.</param>
    /// <param name="logger">Receives what failed.</param>
    /// <param name="unwanted">Cancelled by a person who does not want to wait: then MSBuild says nothing.</param>
    /// <param name="cancellationToken">Ends the work, and the process.</param>
    public static async Task<MSBuildLoad> LoadAsync(ImmutableArray<string> folders, ImmutableArray<ProjectDescription> quick, WorkspaceFileFilter filter, ILogger logger, CancellationToken unwanted, CancellationToken cancellationToken)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(unwanted, cancellationToken);
        try
        {
            return await LoadAsync(folders, quick, filter, logger, either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new MSBuildLoad(null, ["Loading with MSBuild was stopped by the person; the projects are as their files alone say."]);
        }
    }

    private static async Task<MSBuildLoad> LoadAsync(ImmutableArray<string> folders, ImmutableArray<ProjectDescription> quick, WorkspaceFileFilter filter, ILogger logger, CancellationToken cancellationToken)
    {
        var failures = new List<string>();
        try
        {
            using var workspace = MSBuildWorkspace.Create();
            workspace.SkipUnrecognizedProjects = true;
            workspace.LoadMetadataForReferencedProjects = true;
            using var subscription = workspace.RegisterWorkspaceFailedHandler(failure => Add(failures, failure.Diagnostic.Message));
            var filtered = new List<string>();
            foreach (var folder in folders)
            {
                if (FindSolution(folder) is { } solution)
                {
                    await workspace.OpenSolutionAsync(solution, cancellationToken: cancellationToken).ConfigureAwait(false);
                    if (solution.EndsWith(".slnf", StringComparison.OrdinalIgnoreCase))
                    {
                        filtered.Add(folder + Path.DirectorySeparatorChar);
                    }
                }
            }

            var opened = workspace.CurrentSolution.Projects.Select(project => project.FilePath).OfType<string>().ToHashSet(CompiledProject.PathComparer);
            // What a filter leaves out is somebody's wish; its quick description stays.
            foreach (var project in quick.Where(project => File.Exists(project.Path) && !opened.Contains(project.Path) && !filtered.Any(folder => project.Path.StartsWith(folder, StringComparison.Ordinal))))
            {
                if (!workspace.CurrentSolution.Projects.Any(loaded => CompiledProject.PathComparer.Equals(loaded.FilePath, project.Path)))
                {
                    await workspace.OpenProjectAsync(project.Path, cancellationToken: cancellationToken).ConfigureAwait(false);
                }
            }

            var described = new List<ProjectDescription>();
            var twins = quick.ToDictionary(project => project.Path, CompiledProject.PathComparer);
            foreach (var group in workspace.CurrentSolution.Projects.Where(project => project.Language == LanguageNames.CSharp && project.FilePath is not null).GroupBy(project => project.FilePath!, CompiledProject.PathComparer))
            {
                var wanted = FrameworkName.Choose(group.Select(FrameworkOf));
                var project = group.First(candidate => FrameworkOf(candidate) == wanted);
                var twin = twins.GetValueOrDefault(project.FilePath!);
                var isRestored = File.Exists(Path.Combine(Path.GetDirectoryName(project.FilePath!)!, "obj", "project.assets.json"));
                // Without a restore MSBuild knows no package; the quick description has those of the cache, and says which are missing.
                if (project.MetadataReferences.Count > 0 && (isRestored || twin is not { Degradations.Length: > 0 }))
                {
                    var description = await DescribeAsync(project, wanted, filter, cancellationToken).ConfigureAwait(false);
                    described.Add(description with { ReferencesComplete = isRestored || twin is { ReferencesComplete: true } });
                }
            }

            var known = described.Select(project => project.Path).ToHashSet(CompiledProject.PathComparer);
            described.AddRange(quick.Where(project => !known.Contains(project.Path)));
            return new MSBuildLoad(known.Count > 0 ? described : null, [.. failures]);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            // The build host may fail in any way: no SDK that global.json accepts, a crash, a broken solution. The quick description stays.
            logger.LogWarning(exception, "MSBuild could not load the projects");
            Add(failures, exception.Message);
            return new MSBuildLoad(null, [.. failures]);
        }

        static void Add(List<string> failures, string message)
        {
            var line = $"MSBuild: {message.ReplaceLineEndings(" ").Trim()}";
            lock (failures)
            {
                if (failures.Count < 20 && !failures.Contains(line))
                {
                    failures.Add(line.Length > 300 ? line[..300] + "…" : line);
                }
            }
        }
    }

    /// <summary>The solution of a folder: a filter before the whole, of several the one named like the folder, else the first.</summary>
    private static string? FindSolution(string folder)
    {
        if (!Directory.Exists(folder))
        {
            return null;
        }

        return SolutionPatterns
            .SelectMany(pattern => Directory.EnumerateFiles(folder, pattern).Order(StringComparer.Ordinal))
            .OrderByDescending(path => Path.GetFileNameWithoutExtension(path).Equals(Path.GetFileName(folder), StringComparison.OrdinalIgnoreCase))
            .FirstOrDefault();
    }

    private static string FrameworkOf(Project project) =>
        project.Name is [.., ')'] && project.Name.LastIndexOf('(') is var start and >= 0 ? project.Name[(start + 1)..^1] : FrameworkName.Newest;

    private static async Task<ProjectDescription> DescribeAsync(Project project, string framework, WorkspaceFileFilter filter, CancellationToken cancellationToken)
    {
        var generated = ImmutableArray.CreateBuilder<GeneratedSource>();
        var files = ImmutableArray.CreateBuilder<string>();
        foreach (var document in project.Documents.Where(document => document.FilePath is not null))
        {
            if (filter.MayRead(document.FilePath!))
            {
                files.Add(document.FilePath!);
            }
            else if (IsBuildOutput(project, document.FilePath!))
            {
                // What the build writes under obj belongs to the compilation and to nobody's context.
                generated.Add(new GeneratedSource(document.FilePath!, (await document.GetTextAsync(cancellationToken).ConfigureAwait(false)).ToString()));
            }
        }

        var ran = true;
        try
        {
            foreach (var document in await project.GetSourceGeneratedDocumentsAsync(cancellationToken).ConfigureAwait(false))
            {
                generated.Add(new GeneratedSource(document.FilePath ?? document.HintName, (await document.GetTextAsync(cancellationToken).ConfigureAwait(false)).ToString()));
            }
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            ran = false; // A generator of the repository's threw; its output is missing, and the gate is told so.
        }

        return new ProjectDescription
        {
            Path = project.FilePath!,
            AssemblyName = project.AssemblyName,
            TargetFramework = framework,
            SourceFiles = files.ToImmutable(),
            GeneratedSources = generated.DistinctBy(source => source.Path).ToImmutableArray(),
            ParseOptions = (CSharpParseOptions)project.ParseOptions!,
            CompilationOptions = (CSharpCompilationOptions)project.CompilationOptions!,
            ProjectReferences = [.. project.ProjectReferences.Select(reference => project.Solution.GetProject(reference.ProjectId)?.FilePath).OfType<string>().Distinct()],
            AnalyzerFiles = [.. project.AnalyzerReferences.Select(reference => reference.FullPath).OfType<string>()],
            AnalyzerConfigFiles = [.. project.AnalyzerConfigDocuments.Select(document => document.FilePath).OfType<string>()],
            AssemblyReferences = [.. project.MetadataReferences.OfType<PortableExecutableReference>().Select(reference => reference.FilePath).OfType<string>()],
            GeneratorsRan = ran,
        };
    }

    private static bool IsBuildOutput(Project project, string path) =>
        path.StartsWith(Path.Combine(Path.GetDirectoryName(project.FilePath!)!, "obj") + Path.DirectorySeparatorChar, StringComparison.Ordinal);
}
