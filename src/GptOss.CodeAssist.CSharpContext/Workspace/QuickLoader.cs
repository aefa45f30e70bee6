using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace GptOss.CodeAssist.CSharpContext.Workspace;

/// <summary>Describes all projects of some folders from their files alone.</summary>
internal sealed class QuickLoader(ReferenceAssemblies references, ILogger logger)
{
    /// <param name="folders">The workspace folders.</param>
    /// <param name="files">Every readable file below them.</param>
    /// <param name="filter">What may be read.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    public QuickLoad Load(IReadOnlyList<string> folders, IReadOnlyList<string> files, WorkspaceFileFilter filter, CancellationToken cancellationToken)
    {
        var sources = files.Where(file => file.EndsWith(".cs", StringComparison.OrdinalIgnoreCase)).ToList();
        var projects = files.Where(file => file.EndsWith(".csproj", StringComparison.OrdinalIgnoreCase)).ToList();
        // A folder opened inside a project, as editors do with one file, still belongs to it.
        if (projects.Count == 0)
        {
            projects.AddRange(folders.Select(FindProjectAbove).OfType<string>());
        }

        AddReferencedProjects(projects);
        var projectFolders = projects.Select(project => Path.GetDirectoryName(project)!).Distinct(CompiledProject.PathComparer).ToList();
        var reader = new ProjectFileReader(references);
        var described = new ProjectDescription?[projects.Count];
        var failures = new ConcurrentQueue<string>();
        Parallel.For(0, projects.Count, new ParallelOptions { CancellationToken = cancellationToken }, index =>
        {
            try
            {
                var isInside = folders.Any(folder => projects[index].StartsWith(folder, StringComparison.Ordinal));
                var visible = isInside ? sources : SourcesBelow(Path.GetDirectoryName(projects[index])!, cancellationToken);
                described[index] = reader.Read(projects[index], visible, projectFolders, filter);
            }
            catch (Exception exception) when (exception is InvalidDataException or IOException or UnauthorizedAccessException or ArgumentException)
            {
                logger.LogWarning("{Project} is left out: {Reason}", projects[index], exception.Message);
                failures.Enqueue($"{Path.GetFileName(projects[index])} is left out, and its files are read as loose ones: {exception.Message.ReplaceLineEndings(" ")}");
            }
        });
        var result = described.OfType<ProjectDescription>().ToList();
        var claimed = result.SelectMany(project => project.SourceFiles).ToHashSet(CompiledProject.PathComparer);
        // What a project takes out of its own folder belongs nowhere, and on purpose.
        var owned = result.Select(project => Path.GetDirectoryName(project.Path)! + Path.DirectorySeparatorChar).ToList();
        foreach (var folder in folders)
        {
            var loose = sources.Where(file => !claimed.Contains(file) && !owned.Any(owner => file.StartsWith(owner, StringComparison.Ordinal)) && file.StartsWith(folder, StringComparison.Ordinal)).ToList();
            if (loose.Count > 0)
            {
                var reason = projects.Count == 0
                    ? $"{folder} holds no project file; its files are read as one project without packages."
                    : $"Files of {folder} that belong to no project are read as one without packages: {loose.Count}.";
                result.Add(reader.Loose(folder, [.. loose], reason));
            }
        }

        return new QuickLoad(result, [.. failures.Order(StringComparer.Ordinal)]);
    }

    private static List<string> SourcesBelow(string folder, CancellationToken cancellationToken) =>
        [.. new WorkspaceFileFilter([folder]).EnumerateFiles(cancellationToken).Where(file => file.EndsWith(".cs", StringComparison.OrdinalIgnoreCase))];

    private static string? FindProjectAbove(string folder)
    {
        for (var current = folder; current is not null; current = Path.GetDirectoryName(current))
        {
            if (Directory.Exists(current) && Directory.EnumerateFiles(current, "*.csproj").Order(StringComparer.Ordinal).FirstOrDefault() is { } project)
            {
                return project;
            }

            if (Directory.Exists(Path.Combine(current, ".git")))
            {
                return null;
            }
        }

        return null;
    }

    /// <summary>Projects outside the folders that those inside are built on.</summary>
    private static void AddReferencedProjects(List<string> projects)
    {
        var seen = projects.ToHashSet(CompiledProject.PathComparer);
        for (var index = 0; index < projects.Count; index++)
        {
            try
            {
                var evaluation = ProjectEvaluation.Read(projects[index], new Dictionary<string, string>());
                foreach (var item in evaluation.Items.Where(item => item is { Type: "ProjectReference", Operation: "Include" }))
                {
                    var path = Path.GetFullPath(Path.Combine(item.Folder, item.Value.Replace('\\', Path.DirectorySeparatorChar)));
                    if (File.Exists(path) && seen.Add(path))
                    {
                        projects.Add(path);
                    }
                }
            }
            catch (InvalidDataException)
            {
                // Reported when the project itself is read.
            }
        }
    }
}
