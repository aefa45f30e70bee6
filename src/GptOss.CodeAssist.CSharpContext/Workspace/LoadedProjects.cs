using System.Collections.Immutable;

namespace GptOss.CodeAssist.CSharpContext.Workspace;

/// <summary>The projects of a workspace at one moment. Immutable but for the compilations inside the entries.</summary>
internal sealed class LoadedProjects
{
    public static readonly LoadedProjects None = new([], false, []);

    private readonly Dictionary<string, ProjectEntry> _byPath;
    private readonly ILookup<string, ProjectEntry> _byFile;

    private LoadedProjects(ImmutableArray<ProjectEntry> entries, bool isFromMSBuild, ImmutableArray<string> degradations)
    {
        Entries = entries;
        IsFromMSBuild = isFromMSBuild;
        Degradations = degradations;
        _byPath = entries.ToDictionary(entry => entry.Description.Path, CompiledProject.PathComparer);
        _byFile = entries.SelectMany(entry => entry.Description.SourceFiles.Select(file => (file, entry))).ToLookup(pair => pair.file, pair => pair.entry, CompiledProject.PathComparer);
        AllFiles = [.. _byFile.Select(group => group.Key)];
    }

    public ImmutableArray<ProjectEntry> Entries { get; }

    public bool IsFromMSBuild { get; }

    public ImmutableArray<string> Degradations { get; }

    public ImmutableArray<string> AllFiles { get; }

    public static LoadedProjects From(IReadOnlyList<ProjectDescription> descriptions, bool fromMSBuild, IEnumerable<string> failures) => new(
        [.. descriptions.Select(description => new ProjectEntry(description))],
        fromMSBuild,
        [.. descriptions.SelectMany(description => description.Degradations).Concat(failures).Distinct()]);

    /// <summary>The same projects, compilations and all, with more said about what is missing.</summary>
    public LoadedProjects WithDegradations(IEnumerable<string> failures) => new(Entries, IsFromMSBuild, [.. Degradations.Concat(failures).Distinct()]);

    public bool Knows(string path) => _byFile.Contains(path);

    public ProjectEntry? FindProject(string path) => _byPath.GetValueOrDefault(path);

    public IEnumerable<ProjectEntry> Owners(string path) => _byFile[path];

    /// <summary>The project an editor should see a file in; for one that no project lists yet, the project whose folder holds it.</summary>
    public ProjectEntry? FindOwner(string path) => _byFile[path].FirstOrDefault() ?? Entries
        .Where(entry => FolderOf(entry) is { } folder && path.StartsWith(folder, StringComparison.Ordinal) && path.Length > folder.Length && path[folder.Length] == Path.DirectorySeparatorChar)
        .MaxBy(entry => FolderOf(entry)!.Length);

    /// <summary>Referenced projects and what they reference: MSBuild passes references on.</summary>
    public IEnumerable<string> TransitiveReferences(ProjectDescription description)
    {
        var seen = new HashSet<string>(CompiledProject.PathComparer) { description.Path };
        var pending = new Queue<string>(description.ProjectReferences);
        while (pending.TryDequeue(out var path))
        {
            if (!seen.Add(path))
            {
                continue;
            }

            yield return path;
            foreach (var next in FindProject(path)?.Description.ProjectReferences ?? [])
            {
                pending.Enqueue(next);
            }
        }
    }

    private static string? FolderOf(ProjectEntry entry) => Path.HasExtension(entry.Description.Path) && entry.Description.Path.EndsWith("proj", StringComparison.OrdinalIgnoreCase)
        ? Path.GetDirectoryName(entry.Description.Path)
        : entry.Description.Path;
}
