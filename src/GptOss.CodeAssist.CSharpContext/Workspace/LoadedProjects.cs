using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace GptOss.CodeAssist.CSharpContext.Workspace;

/// <summary>The projects of a workspace at one moment. Immutable but for the compilations inside the entries.</summary>
internal sealed class LoadedProjects
{
    public static readonly LoadedProjects None = new([], false, []);

    /// <summary>Files of all compilations that are kept though nobody works in some of them: as many as a large repository has.</summary>
    private const int MaximumFilesKept = 3_000;

    private readonly Dictionary<string, ProjectEntry> _byPath;
    private readonly ILookup<string, ProjectEntry> _byFile;

    private readonly ImmutableArray<string> _failures;

    private LoadedProjects(ImmutableArray<ProjectEntry> entries, bool isFromMSBuild, ImmutableArray<string> failures)
    {
        Entries = entries;
        IsFromMSBuild = isFromMSBuild;
        _failures = failures;
        _byPath = entries.ToDictionary(entry => entry.Description.Path, CompiledProject.PathComparer);
        _byFile = entries.SelectMany(entry => entry.Description.SourceFiles.Select(file => (file, entry))).ToLookup(pair => pair.file, pair => pair.entry, CompiledProject.PathComparer);
        AllFiles = [.. _byFile.Select(group => group.Key)];
    }

    public ImmutableArray<ProjectEntry> Entries { get; }

    public bool IsFromMSBuild { get; }

    /// <summary>What could not be loaded and why, a sentence each.</summary>
    public IEnumerable<string> Degradations => _failures.Concat(Entries.Select(entry => entry.Failure).OfType<string>()).Distinct();

    public ImmutableArray<string> AllFiles { get; }

    public static LoadedProjects From(QuickLoad quick) => From(quick.Projects, fromMSBuild: false, quick.Failures);

    public static LoadedProjects From(IReadOnlyList<ProjectDescription> descriptions, bool fromMSBuild, IEnumerable<string> failures) => new(
        [.. descriptions.Select(description => new ProjectEntry(description))],
        fromMSBuild,
        [.. descriptions.SelectMany(description => description.Degradations).Concat(failures).Distinct()]);

    /// <summary>The same projects, compilations and all, with more said about what is missing.</summary>
    public LoadedProjects WithFailures(IEnumerable<string> failures) => new(Entries, IsFromMSBuild, [.. _failures.Concat(failures).Distinct()]);

    /// <summary>What project files and folders say now. A project of which only files came or went keeps its compilation, and so do those built on it.</summary>
    /// <param name="quick">What the files alone say; where MSBuild has described a project better, only its list of files is brought up to date.</param>
    /// <param name="findTree">The tree of a file.</param>
    public LoadedProjects Reread(QuickLoad quick, Func<string, CSharpParseOptions, SyntaxTree?> findTree)
    {
        var described = quick.Projects.Select(project => IsFromMSBuild && FindProject(project.Path)?.Description is { } known ? known.WithFilesOf(project, Knows) : project).ToList();
        var paths = described.Select(project => project.Path).ToHashSet(CompiledProject.PathComparer);
        described.AddRange(Entries.Select(entry => entry.Description).Where(project => IsFromMSBuild && !paths.Contains(project.Path) && File.Exists(project.Path)));
        var kept = described.Where(project => FindProject(project.Path) is { } entry && entry.Description.DiffersInFilesAlone(project)).Select(project => project.Path).ToHashSet(CompiledProject.PathComparer);
        // What is built on something that is built anew is built anew.
        while (described.FirstOrDefault(project => kept.Contains(project.Path) && project.ProjectReferences.Any(path => FindProject(path) is not null && !kept.Contains(path))) is { } built)
        {
            kept.Remove(built.Path);
        }

        var entries = ImmutableArray.CreateBuilder<ProjectEntry>();
        foreach (var project in described)
        {
            if (!kept.Contains(project.Path))
            {
                entries.Add(new ProjectEntry(project));
                continue;
            }

            var entry = FindProject(project.Path)!;
            entries.Add(entry);
            if (!entry.Description.SourceFiles.SequenceEqual(project.SourceFiles))
            {
                var old = entry.Compiled?.Compilation;
                entry.Describe(project, findTree);
                FollowAll(old, entry);
            }
        }

        return new LoadedProjects(entries.ToImmutable(), IsFromMSBuild, [.. described.SelectMany(project => project.Degradations).Concat(IsFromMSBuild ? _failures : quick.Failures).Distinct()]);
    }

    /// <summary>Puts a project's newer compilation into those built on it.</summary>
    public void FollowAll(CSharpCompilation? old, ProjectEntry entry)
    {
        if (old is not null && entry.Compiled?.Compilation is { } current && current != old)
        {
            foreach (var dependent in Entries)
            {
                dependent.Follow(old, current);
            }
        }
    }

    /// <summary>Puts a file's newer text into the compilations that hold it.</summary>
    /// <param name="findTree">The tree under some options; null where the file is gone.</param>
    /// <returns>Whether a compilation has changed.</returns>
    public bool Refresh(string path, Func<CSharpParseOptions, SyntaxTree?> findTree)
    {
        var isChanged = false;
        foreach (var entry in Owners(path).Where(entry => entry.Compiled is not null))
        {
            var old = entry.Compiled!.Compilation;
            var tree = findTree(entry.Description.ParseOptions);
            if (tree is not null && entry.Compiled.FindTree(path) is { } known && SyntaxFactory.AreEquivalent(known, tree, topLevel: true))
            {
                continue; // Only bodies differ; binding everything anew would make the next keystrokes slow for nothing.
            }

            entry.Replace(path, tree);
            FollowAll(old, entry);
            isChanged |= entry.Compiled?.Compilation != old;
        }

        return isChanged;
    }

    /// <summary>A compilation is kept while one of its files is open, or one of a project that is built on it; of the others the one asked for last, and more as far as memory goes.</summary>
    public void DropUnused(IEnumerable<string> openPaths)
    {
        var needed = new HashSet<ProjectEntry>(openPaths.Select(FindOwner).OfType<ProjectEntry>());
        foreach (var entry in needed.ToList())
        {
            needed.UnionWith(TransitiveReferences(entry.Description).Select(FindProject).OfType<ProjectEntry>());
        }

        var room = MaximumFilesKept - needed.Sum(entry => entry.Description.SourceFiles.Length);
        foreach (var entry in Entries.Where(entry => entry.Compiled is not null && !needed.Contains(entry)).OrderByDescending(entry => entry.LastAsked).Skip(1))
        {
            room -= entry.Description.SourceFiles.Length;
            if (room < 0)
            {
                entry.Drop();
            }
        }
    }

    public bool Knows(string path) => _byFile.Contains(path);

    /// <summary>Known files below a folder that may be gone.</summary>
    public IEnumerable<string> FilesBelow(string folder) => AllFiles.Where(path => path.StartsWith(folder + Path.DirectorySeparatorChar, StringComparison.Ordinal));

    public ProjectEntry? FindProject(string path) => _byPath.GetValueOrDefault(path);

    public IEnumerable<ProjectEntry> Owners(string path) => _byFile[path];

    /// <summary>The project an editor should see a file in; for one that no project lists yet, the project whose folder holds it.</summary>
    public ProjectEntry? FindOwner(string path) => _byFile[path].FirstOrDefault() ?? Entries
        .Where(entry => FolderOf(entry) is { } folder && path.StartsWith(folder, StringComparison.Ordinal) && path.Length > folder.Length && path[folder.Length] == Path.DirectorySeparatorChar)
        .MaxBy(entry => FolderOf(entry)!.Length);

    /// <summary>Why there is no compilation for a file, a sentence for a person; null where there is one.</summary>
    public string? FindProblem(string path) => FindOwner(path) switch
    {
        { Compiled: not null } => null,
        { Failure: { } failure } => failure,
        { } entry => $"{Path.GetFileName(entry.Description.Path)} is being compiled.",
        null => $"{Path.GetFileName(path)} belongs to no project.",
    };

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
