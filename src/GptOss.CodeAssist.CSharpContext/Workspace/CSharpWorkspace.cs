using System.Collections.Concurrent;
using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Text;
using Microsoft.Extensions.Logging;

namespace GptOss.CodeAssist.CSharpContext.Workspace;

/// <summary>The C# of some folders, with the editor's unsaved text over it, as compilations that are ready when asked for.</summary>
/// <remarks>
/// Safe from any thread. Nothing here waits on the hot path: <see cref="FindDocument"/> gives what is ready and starts what is not.
/// A project is compiled when one of its files is first asked for, and given back when the last of them is closed.
/// </remarks>
public sealed class CSharpWorkspace : IAsyncDisposable
{
    private readonly CSharpWorkspaceOptions _options;
    private readonly ILogger _logger;
    private readonly ImmutableArray<string> _folders;
    private readonly CancellationTokenSource _closing = new();
    private readonly ConcurrentDictionary<string, OverlayDocument> _overlays = new(CompiledProject.PathComparer);
    private readonly ConcurrentDictionary<string, MetadataReference> _references = new(CompiledProject.PathComparer);
    private readonly ConcurrentDictionary<string, byte> _changed = new(CompiledProject.PathComparer);
    private readonly SemaphoreSlim _refreshing = new(1, 1);
    private readonly ITimer _quiet;
    private volatile LoadedProjects _projects = LoadedProjects.None;

    private CSharpWorkspace(IEnumerable<string> folders, CSharpWorkspaceOptions options, ILogger logger, TimeProvider time)
    {
        _folders = [.. folders.Select(folder => Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)))];
        _options = options;
        _logger = logger;
        Filter = new WorkspaceFileFilter(_folders);
        Index = new Related.Lexical.LexicalIndex();
        _quiet = time.CreateTimer(_ => _ = RefreshAsync(_closing.Token), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        Loaded = Task.Run(() => LoadQuick(_closing.Token), _closing.Token);
        Indexed = IndexAsync(_closing.Token);
        Built = options.IsTrusted ? LoadWithMSBuildAsync(_closing.Token) : Loaded;
    }

    /// <summary>Opens folders; returns at once and loads in the background.</summary>
    public static CSharpWorkspace Open(IEnumerable<string> folders, CSharpWorkspaceOptions options, ILogger logger, TimeProvider? time = null)
    {
        ArgumentNullException.ThrowIfNull(folders);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(logger);
        return new CSharpWorkspace(folders, options, logger, time ?? TimeProvider.System);
    }

    /// <summary>Ends when the project files have been read; their sources follow on demand.</summary>
    public Task Loaded { get; }

    /// <summary>Ends when every file has been indexed for lexical search.</summary>
    public Task Indexed { get; }

    /// <summary>Ends when MSBuild's description of the projects has replaced the quick one, where the folder is trusted.</summary>
    public Task Built { get; }

    public WorkspaceFileFilter Filter { get; }

    /// <summary>What could not be loaded and why, a sentence each.</summary>
    public ImmutableArray<string> Degradations => _projects.Degradations;

    /// <summary>The projects as they are known now.</summary>
    public ImmutableArray<ProjectDescription> Projects => [.. _projects.Entries.Select(entry => entry.Description)];

    /// <summary>Full paths of the workspace folders.</summary>
    public ImmutableArray<string> Folders => _folders;

    internal Related.Lexical.LexicalIndex Index { get; }

    /// <summary>Raised with the path of a file whose text is the disk's from now on: closed, or changed under the editor.</summary>
    internal event Action<string>? TextLeftToDisk;

    /// <summary>The texts that the editor shows.</summary>
    internal IEnumerable<(string Path, SourceText Text)> OpenTexts => _overlays.Select(overlay => (overlay.Key, overlay.Value.Text));

    /// <summary>The newest compilation of the file's project; starts it and gives null while there is none. Never waits.</summary>
    public CompiledProject? FindProject(string path)
    {
        var full = Path.GetFullPath(path);
        if (!Filter.MayRead(full) || _projects.FindOwner(full) is not { } entry)
        {
            return null;
        }

        if (entry.Compiled is null)
        {
            _ = BuildAsync(_projects, entry, [], _closing.Token);
        }

        return entry.Compiled;
    }

    /// <summary>The editor shows this text: opened or changed.</summary>
    public void SetText(string path, SourceText text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var full = Path.GetFullPath(path);
        if (!Filter.MayRead(full))
        {
            return;
        }

        var before = _overlays.GetValueOrDefault(full);
        var overlay = before is null ? OverlayDocument.Open(full, text, OptionsFor(full)) : before.WithText(text);
        _overlays[full] = overlay;
        ScheduleRefresh(full);
    }

    /// <summary>The editor closed the file: the disk counts again.</summary>
    public void Close(string path)
    {
        var full = Path.GetFullPath(path);
        if (_overlays.TryRemove(full, out _))
        {
            Index.SetClosed(full);
            ScheduleRefresh(full);
            TextLeftToDisk?.Invoke(full);
        }
    }

    /// <summary>Files changed on disk, were made or deleted; open files keep the editor's text.</summary>
    public void FilesChanged(IEnumerable<string> paths)
    {
        ArgumentNullException.ThrowIfNull(paths);
        foreach (var path in paths.Select(Path.GetFullPath))
        {
            if (Path.GetFileName(path) is ".gitignore" or ".gptossignore")
            {
                Filter.Forget();
            }
            else if (IsProjectFile(path) || path.EndsWith(".cs", StringComparison.OrdinalIgnoreCase) && File.Exists(path) && !_projects.Knows(path))
            {
                _ = Task.Run(() => LoadQuick(_closing.Token), _closing.Token);
            }

            ScheduleRefresh(path);
            TextLeftToDisk?.Invoke(path);
        }
    }

    /// <summary>The document as the editor shows it, with what is compiled now. Never waits; a file that is not open is read from disk.</summary>
    /// <returns>Null where the file may not or cannot be read.</returns>
    public CSharpDocument? FindDocument(string path, SourceText? text = null)
    {
        var full = Path.GetFullPath(path);
        if (!Filter.MayRead(full))
        {
            return null;
        }

        var entry = _projects.FindOwner(full);
        var project = FindProject(full);
        var overlay = _overlays.GetValueOrDefault(full);
        if (overlay is not null)
        {
            overlay = text is null ? overlay : overlay.WithText(text);
        }
        else if ((text ?? ReadText(full)) is { } current)
        {
            overlay = OverlayDocument.Open(full, current, OptionsFor(full));
        }
        else
        {
            return null;
        }

        // A file opened before its project was known was parsed by other rules than the compilation's.
        var tree = entry is null ? overlay.Tree : overlay.TreeFor(entry.Description.ParseOptions);
        return new CSharpDocument(full, tree, overlay.Text, project);
    }

    /// <summary>The same, after the file's project has been compiled and the editor's changes are in the compilation.</summary>
    public async Task<CSharpDocument?> PrepareDocumentAsync(string path, CancellationToken cancellationToken)
    {
        await Loaded.WaitAsync(cancellationToken).ConfigureAwait(false);
        if (_projects.FindOwner(Path.GetFullPath(path)) is { } entry)
        {
            await BuildAsync(_projects, entry, [], cancellationToken).ConfigureAwait(false);
        }

        await RefreshAsync(cancellationToken).ConfigureAwait(false);
        return FindDocument(path);
    }

    /// <summary>The text of a file as the editor shows it, or as it is on disk; null where it may not or cannot be read.</summary>
    public SourceText? FindText(string path)
    {
        var full = Path.GetFullPath(path);
        return _overlays.GetValueOrDefault(full)?.Text ?? (Filter.MayRead(full) ? ReadText(full) : null);
    }

    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync().ConfigureAwait(false);
        await _quiet.DisposeAsync().ConfigureAwait(false);
        await Task.WhenAll(Loaded, Indexed, Built).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _closing.Dispose();
    }

    private static bool IsProjectFile(string path) =>
        Path.GetExtension(path) is ".csproj" or ".props" or ".targets" or ".projitems" or ".sln" or ".slnx" || Path.GetFileName(path) == "project.assets.json";

    private void LoadQuick(CancellationToken cancellationToken)
    {
        var files = Filter.EnumerateFiles(cancellationToken).ToList();
        var loader = new QuickLoader(new ReferenceAssemblies(_options.DotnetFolder, _options.PackageFolder), _logger);
        var described = loader.Load(_folders, files, Filter, cancellationToken);
        // Projects that MSBuild has already described better keep its description.
        if (!_projects.IsFromMSBuild)
        {
            _projects = LoadedProjects.From(described, fromMSBuild: false, []);
        }
    }

    private async Task IndexAsync(CancellationToken cancellationToken)
    {
        await Loaded.ConfigureAwait(false);
        await Task.Run(
            () =>
            {
                foreach (var path in _projects.AllFiles)
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    if (!_overlays.ContainsKey(path) && Filter.MayRead(path) && ReadText(path) is { } text)
                    {
                        Index.Set(path, text);
                    }
                }

                Index.Compact();
            },
            cancellationToken).ConfigureAwait(false);
    }

    private async Task LoadWithMSBuildAsync(CancellationToken cancellationToken)
    {
        await Loaded.ConfigureAwait(false);
        var quick = _projects.Entries.Select(entry => entry.Description).ToImmutableArray();
        var loaded = await MSBuildLoader.LoadAsync(_folders, quick, Filter, _logger, cancellationToken).ConfigureAwait(false);
        var projects = LoadedProjects.From(loaded.Projects ?? quick, fromMSBuild: loaded.Projects is not null, loaded.Failures);
        if (loaded.Projects is null)
        {
            // The quick description stays, and its compilations with it; only the reasons are news.
            _projects = _projects.WithDegradations(loaded.Failures);
            return;
        }

        // What is being edited is compiled before the old compilations go, so that no keystroke falls between the two.
        foreach (var entry in _overlays.Keys.Select(projects.FindOwner).OfType<ProjectEntry>().Distinct())
        {
            await BuildAsync(projects, entry, [], cancellationToken).ConfigureAwait(false);
        }

        _projects = projects;
    }

    private Task<CompiledProject> BuildAsync(LoadedProjects projects, ProjectEntry entry, ImmutableHashSet<ProjectEntry> dependents, CancellationToken cancellationToken) =>
        entry.GetOrBuild(async () =>
        {
            var description = entry.Description;
            var references = new List<MetadataReference>(description.AssemblyReferences.Length);
            references.AddRange(MetadataReferencesOf(projects, description));
            var isComplete = description.ReferencesComplete;
            var chain = dependents.Add(entry);
            var catalogs = ImmutableArray.CreateBuilder<Related.Semantic.DeclarationCatalog>();
            foreach (var path in projects.TransitiveReferences(description))
            {
                if (projects.FindProject(path) is not { } referenced || chain.Contains(referenced))
                {
                    isComplete = false;
                    continue;
                }

                var compiled = await BuildAsync(projects, referenced, chain, _closing.Token).ConfigureAwait(false);
                references.Add(compiled.Compilation.ToMetadataReference());
                catalogs.Add(compiled.Catalog);
                isComplete &= compiled.ReferencesComplete;
            }

            var trees = new SyntaxTree?[description.SourceFiles.Length];
            Parallel.For(0, trees.Length, new ParallelOptions { CancellationToken = _closing.Token }, index =>
            {
                var path = description.SourceFiles[index];
                trees[index] = _overlays.GetValueOrDefault(path)?.TreeFor(description.ParseOptions)
                    ?? (ReadText(path) is { } text ? CSharpSyntaxTree.ParseText(text, description.ParseOptions, path, _closing.Token) : null);
            });
            var generated = description.GeneratedSources.Select(source => CSharpSyntaxTree.ParseText(source.Text, description.ParseOptions, source.Path));
            var compilation = CSharpCompilation.Create(description.AssemblyName, trees.OfType<SyntaxTree>().Concat(generated), references, description.CompilationOptions);
            return new CompiledProject(compilation, isComplete, description.GeneratorsRan)
            {
                Catalog = Related.Semantic.DeclarationCatalog.Read(trees.OfType<SyntaxTree>(), _closing.Token),
                ReferencedCatalogs = catalogs.ToImmutable(),
                IsWordUsed = word => !Indexed.IsCompletedSuccessfully || Index.FrequencyOf(word) > 0 || Related.Lexical.Words.IsCommon(word),
            };
        }).WaitAsync(cancellationToken);

    internal IEnumerable<string> TransitiveReferences(ProjectDescription project) => _projects.TransitiveReferences(project);

    internal IEnumerable<MetadataReference> MetadataReferencesOf(ProjectDescription project) => MetadataReferencesOf(_projects, project);

    /// <summary>A project's own assemblies, and those of the projects it references: packages are passed on as projects are.</summary>
    private IEnumerable<MetadataReference> MetadataReferencesOf(LoadedProjects projects, ProjectDescription project) => projects.TransitiveReferences(project)
        .Select(projects.FindProject)
        .OfType<ProjectEntry>()
        .Select(entry => entry.Description.AssemblyReferences)
        .Prepend(project.AssemblyReferences)
        .SelectMany(assemblies => assemblies)
        .DistinctBy(Path.GetFileName, StringComparer.OrdinalIgnoreCase)
        .Where(File.Exists)
        .Select(ReferenceTo);

    private MetadataReference ReferenceTo(string path) => _references.GetOrAdd(path, static path => MetadataReference.CreateFromFile(path));

    private void ScheduleRefresh(string path)
    {
        _changed[path] = 0;
        _quiet.Change(_options.QuietTime, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Brings changed declarations into the compilations. Bodies need not: what looks at them speculates.</summary>
    private async Task RefreshAsync(CancellationToken cancellationToken)
    {
        try
        {
            await _refreshing.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (_closing.IsCancellationRequested)
        {
            return;
        }

        try
        {
            foreach (var path in _changed.Keys)
            {
                cancellationToken.ThrowIfCancellationRequested();
                _changed.TryRemove(path, out _);
                Refresh(path);
            }
        }
        finally
        {
            _refreshing.Release();
        }
    }

    private void Refresh(string path)
    {
        var overlay = _overlays.GetValueOrDefault(path);
        var onDisk = overlay is null && Filter.MayRead(path) ? ReadText(path) : null;
        if (overlay is null)
        {
            Index.SetOrRemove(path, onDisk);
        }
        else
        {
            Index.SetOpen(path, overlay.Text);
        }

        var projects = _projects;
        foreach (var entry in projects.Owners(path).Where(entry => entry.Compiled is not null))
        {
            var old = entry.Compiled!.Compilation;
            var tree = overlay?.TreeFor(entry.Description.ParseOptions) ?? (onDisk is null ? null : CSharpSyntaxTree.ParseText(onDisk, entry.Description.ParseOptions, path));
            if (tree is not null && entry.Compiled.FindTree(path) is { } known && SyntaxFactory.AreEquivalent(known, tree, topLevel: true))
            {
                continue; // Only bodies differ; binding everything anew would make the next keystrokes slow for nothing.
            }

            entry.Replace(path, tree);
            foreach (var dependent in projects.Entries)
            {
                dependent.Follow(old, entry.Compiled!.Compilation);
            }
        }

        if (overlay is null)
        {
            DropUnused(projects);
        }
    }

    /// <summary>A compilation is kept while one of its files is open, or one of a project that is built on it.</summary>
    private void DropUnused(LoadedProjects projects)
    {
        var needed = new HashSet<ProjectEntry>(_overlays.Keys.Select(projects.FindOwner).OfType<ProjectEntry>());
        foreach (var entry in needed.ToList())
        {
            needed.UnionWith(projects.TransitiveReferences(entry.Description).Select(projects.FindProject).OfType<ProjectEntry>());
        }

        if (needed.Count == 0)
        {
            return; // Between closing one file and opening the next, nothing is thrown away.
        }

        foreach (var entry in projects.Entries.Where(entry => !needed.Contains(entry)))
        {
            entry.Drop();
        }
    }

    private CSharpParseOptions OptionsFor(string path) =>
        _projects.FindOwner(path)?.Description.ParseOptions ?? CSharpParseOptions.Default.WithLanguageVersion(LanguageVersion.Preview);

    private SourceText? ReadText(string path)
    {
        try
        {
            var file = new FileInfo(path);
            if (!file.Exists || file.Length > _options.MaximumFileSize)
            {
                return null;
            }

            using var stream = file.Open(FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            return SourceText.From(stream);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            return null;
        }
    }
}
