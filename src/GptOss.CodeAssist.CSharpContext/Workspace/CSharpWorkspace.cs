using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Text;
using Microsoft.Extensions.Logging;

namespace GptOss.CodeAssist.CSharpContext.Workspace;

/// <summary>The C# of some folders, with the editor's unsaved text over it, as compilations that are ready when asked for.</summary>
/// <remarks>
/// Safe from any thread. Nothing here waits on the hot path: <see cref="FindDocument"/> gives what is ready and starts what is not.
/// A project is compiled when one of its files is first asked for, and given back some time after the last of them is closed.
/// </remarks>
public sealed class CSharpWorkspace : IAsyncDisposable
{
    private readonly CSharpWorkspaceOptions _options;
    private readonly ILogger _logger;
    private readonly ImmutableArray<string> _folders;
    private readonly CancellationTokenSource _closing = new();
    private readonly WorkspaceTexts _texts;
    private readonly BackgroundProblems _problems;
    private readonly PendingChanges _pending = new();
    private readonly SemaphoreSlim _refreshing = new(1, 1);
    private readonly SemaphoreSlim _describing = new(1, 1);
    private readonly ITimer _quiet;
    private readonly TimeProvider _time;
    private readonly CompilationBuilder _builder;
    private volatile LoadedProjects _projects = LoadedProjects.None;
    private volatile bool _isTrusted;
    private volatile bool _isIndexed;
    private DiskWatcher? _watcher;

    private CSharpWorkspace(IEnumerable<string> folders, CSharpWorkspaceOptions options, ILogger logger, TimeProvider time)
    {
        _folders = [.. folders.Select(folder => Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)))];
        _options = options;
        _logger = logger;
        _time = time;
        _isTrusted = options.IsTrusted;
        _texts = new WorkspaceTexts(options.MaximumFileSize);
        _problems = new BackgroundProblems(logger);
        _builder = new CompilationBuilder(_texts.FindTree, word => !_isIndexed || Index!.FrequencyOf(word) > 0, _closing.Token);
        Filter = new WorkspaceFileFilter(_folders);
        Index = new Related.Lexical.LexicalIndex();
        TextIndexes = new Related.Lexical.TextIndexes(Filter, _texts, time, _closing.Token);
        _quiet = time.CreateTimer(_ => _ = RefreshAsync(_closing.Token), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        Loaded = Task.Run(() => _problems.GuardAsync(BackgroundProblems.Reading, () => AdoptAsync(LoadedProjects.From(DescribeQuickly(_closing.Token)), _closing.Token)), _closing.Token);
        Indexed = IndexAsync(_closing.Token);
        Built = _isTrusted ? DescribeWithMSBuildAsync(_closing.Token) : Loaded;
    }

    /// <summary>Opens folders; returns at once and loads in the background.</summary>
    public static CSharpWorkspace Open(IEnumerable<string> folders, CSharpWorkspaceOptions options, ILogger logger, TimeProvider? time = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        return new CSharpWorkspace(folders, options, logger, time ?? TimeProvider.System);
    }

    /// <summary>Ends when the project files have been read; their sources follow on demand.</summary>
    public Task Loaded { get; }

    /// <summary>Ends when every file has been indexed for lexical search.</summary>
    public Task Indexed { get; }

    /// <summary>Ends when MSBuild's description of the projects has replaced the quick one, where the folder is trusted.</summary>
    public Task Built { get; private set; }

    /// <summary>Files whose changes on disk a workspace wants to hear of, as glob patterns below its folders.</summary>
    public static ImmutableArray<string> WatchedFiles { get; } =
        ["**/*.cs", "**/*.{csproj,props,targets,projitems,sln,slnx,slnf}", "**/global.json", "**/project.assets.json", "**/{.gitignore,.gptossignore,.editorconfig,.globalconfig}"];

    public WorkspaceFileFilter Filter { get; }

    /// <summary>What could not be loaded and why, a sentence each.</summary>
    public ImmutableArray<string> Degradations => [.. _projects.Degradations.Concat(_problems.Reasons)];

    /// <summary>The projects as they are known now.</summary>
    public ImmutableArray<ProjectDescription> Projects => [.. _projects.Entries.Select(entry => entry.Description)];

    /// <summary>Full paths of the workspace folders.</summary>
    public ImmutableArray<string> Folders => _folders;

    internal Related.Lexical.LexicalIndex Index { get; }

    internal Related.Lexical.TextIndexes TextIndexes { get; }

    /// <summary>Whether every file has been indexed; until then the index says nothing about what is not there.</summary>
    internal bool IsIndexed => _isIndexed;

    /// <summary>Raised with the path of a file whose text is the disk's from now on: closed, or changed under the editor.</summary>
    internal event Action<string>? TextLeftToDisk;

    /// <summary>Raised in the background when changed declarations are in the compilations: what was found out from the old ones is found out anew by whoever comes first.</summary>
    internal event Action? Recompiled;

    /// <summary>The texts that the editor shows.</summary>
    internal IEnumerable<(string Path, SourceText Text)> OpenTexts => _texts.OpenTexts;

    /// <summary>The newest compilation of the file's project; starts it and gives null while there is none. Never waits.</summary>
    public CompiledProject? FindProject(string path)
    {
        var full = Path.GetFullPath(path);
        if (!Filter.MayRead(full) || _projects.FindOwner(full) is not { } entry)
        {
            return null;
        }

        entry.Touch();
        // What has failed is tried again when something has changed, not at every keystroke.
        if (entry is { Compiled: null, Failure: null })
        {
            _ = TryBuildAsync(_projects, entry, _closing.Token);
        }

        return entry.Compiled;
    }

    /// <summary>Why there is no compilation for a file, a sentence for a person; null where there is one.</summary>
    public string? FindProblem(string path) => Loaded.IsCompleted ? _projects.FindProblem(Path.GetFullPath(path)) : "The project files are being read.";

    /// <summary>From now on MSBuild may load the projects: the user has said so. Loading happens in the background; <see cref="Built"/> ends with it.</summary>
    public void Trust()
    {
        if (!_isTrusted)
        {
            _isTrusted = true;
            Built = DescribeWithMSBuildAsync(_closing.Token);
        }
    }

    /// <summary>From now on the workspace watches the disk itself: the editor does not. Begins in the background; what has to be degraded is named.</summary>
    /// <returns>Ends when changes are heard of.</returns>
    public async Task WatchDiskAsync()
    {
        var watcher = new DiskWatcher(_folders, token => PendingChanges.ListFiles(Filter, token), path => PendingChanges.MayCount(path, Filter, _projects), FilesChanged, reason => _problems.Note(BackgroundProblems.Watching, reason), _time, _logger);
        if (Interlocked.CompareExchange(ref _watcher, watcher, null) is not null)
        {
            watcher.Dispose();
            return;
        }

        await watcher.StartAsync().ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
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

        var before = _texts.FindOpen(full);
        if (before is null && Loaded.IsCompletedSuccessfully && PendingChanges.IsSource(full) && !_projects.Knows(full) && File.Exists(full))
        {
            _pending.AddFiles(); // It came without a word.
        }

        var overlay = before is null ? OverlayDocument.Open(full, text, OptionsFor(full)) : before.WithText(text);
        _texts.SetOpen(full, overlay);
        _pending.AddText(full);
        ScheduleRefresh();
    }

    /// <summary>The same for a file in another language than C#.</summary>
    public void SetTextOfOtherLanguage(string path, SourceText text)
    {
        var full = Path.GetFullPath(path);
        if (Filter.MayRead(full))
        {
            TextIndexes.SetOpen(full, text);
        }
    }

    /// <summary>The editor closed the file: the disk counts again.</summary>
    public void Close(string path)
    {
        var full = Path.GetFullPath(path);
        TextIndexes.Close(full);
        if (_texts.Close(full))
        {
            Index.SetClosed(full);
            _pending.AddText(full);
            ScheduleRefresh();
            TextLeftToDisk?.Invoke(full);
        }
    }

    /// <summary>Files or folders changed on disk, were made or deleted; open files keep the editor's text. Returns at once: hundreds of changes, as a switch of branches makes, are taken in together when they rest.</summary>
    public void FilesChanged(IEnumerable<string> paths)
    {
        ArgumentNullException.ThrowIfNull(paths);
        foreach (var path in paths.Select(Path.GetFullPath))
        {
            if (PendingChanges.IsIgnoreFile(path))
            {
                Filter.Forget();
            }

            TextIndexes.Changed(path);
            foreach (var file in _pending.AddDisk(path, _projects))
            {
                TextLeftToDisk?.Invoke(file);
            }
        }

        ScheduleRefresh();
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
        var overlay = _texts.FindOpen(full);
        if (overlay is not null)
        {
            overlay = text is null ? overlay : overlay.WithText(text);
        }
        else if ((text ?? _texts.Read(full)) is { } current)
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
        await RefreshAsync(cancellationToken).ConfigureAwait(false);
        if (_projects.FindOwner(Path.GetFullPath(path)) is { } entry)
        {
            entry.Touch();
            await TryBuildAsync(_projects, entry, cancellationToken).ConfigureAwait(false);
        }

        return FindDocument(path);
    }

    /// <summary>The text of a file as the editor shows it, or as it is on disk; null where it may not or cannot be read.</summary>
    public SourceText? FindText(string path)
    {
        var full = Path.GetFullPath(path);
        return _texts.FindOpen(full)?.Text ?? (Filter.MayRead(full) ? _texts.Read(full) : null);
    }

    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync().ConfigureAwait(false);
        Volatile.Read(ref _watcher)?.Dispose();
        await _quiet.DisposeAsync().ConfigureAwait(false);
        await Task.WhenAll(Loaded, Indexed, Built).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _closing.Dispose();
    }

    private QuickLoad DescribeQuickly(CancellationToken cancellationToken)
    {
        var files = Filter.EnumerateFiles(cancellationToken).ToList();
        var loader = new QuickLoader(new ReferenceAssemblies(_options.DotnetFolder, _options.PackageFolder), _logger);
        return loader.Load(_folders, files, Filter, cancellationToken);
    }

    /// <summary>Takes in files and projects that came, changed or went.</summary>
    private async Task ReadAgainAsync(CancellationToken cancellationToken)
    {
        var before = _projects;
        var next = await Task.Run(() => before.Reread(DescribeQuickly(cancellationToken), _texts.FindTree), cancellationToken).ConfigureAwait(false);
        foreach (var path in next.AllFiles.Where(path => !before.Knows(path)).Concat(before.AllFiles.Where(path => !next.Knows(path))))
        {
            _pending.AddText(path);
        }

        await AdoptAsync(next, cancellationToken).ConfigureAwait(false);
        if (_pending.TakeMustDescribe() && _isTrusted)
        {
            Built = DescribeWithMSBuildAsync(_closing.Token);
        }
    }

    /// <summary>What is being edited is compiled before the old compilations go, so that no keystroke falls between the two.</summary>
    private async Task AdoptAsync(LoadedProjects projects, CancellationToken cancellationToken)
    {
        foreach (var entry in _texts.OpenPaths.Select(projects.FindOwner).OfType<ProjectEntry>().Distinct())
        {
            await TryBuildAsync(projects, entry, cancellationToken).ConfigureAwait(false);
        }

        _projects = projects;
    }

    private async Task IndexAsync(CancellationToken cancellationToken)
    {
        await Loaded.ConfigureAwait(false);
        await _problems.GuardAsync(BackgroundProblems.Indexing, () => Task.Run(
            () =>
            {
                foreach (var path in _projects.AllFiles)
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    if (!_texts.IsOpen(path) && Filter.MayRead(path) && _texts.Read(path) is { } text)
                    {
                        Index.Set(path, text);
                    }
                }

                Index.Compact();
                _isIndexed = true;
            },
            cancellationToken)).ConfigureAwait(false);
    }

    private async Task DescribeWithMSBuildAsync(CancellationToken cancellationToken)
    {
        await Loaded.ConfigureAwait(false);
        await _describing.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            await _problems.GuardAsync(BackgroundProblems.Describing, () => DescribeAsync(cancellationToken)).ConfigureAwait(false);
        }
        finally
        {
            _describing.Release();
        }
    }

    private async Task DescribeAsync(CancellationToken cancellationToken)
    {
        var before = _projects;
        var quick = before.Entries.Select(entry => entry.Description).ToImmutableArray();
        var loaded = await MSBuildLoader.LoadAsync(_folders, quick, Filter, _logger, _options.MSBuildUnwanted, cancellationToken).ConfigureAwait(false);
        await _refreshing.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (_projects != before)
            {
                _pending.AddFiles(); // Files came or went meanwhile; what MSBuild saw of the folder is old.
                ScheduleRefresh();
            }

            if (loaded.Projects is null)
            {
                // The quick description stays, and its compilations with it; only the reasons are news.
                _projects = _projects.WithFailures(loaded.Failures);
                return;
            }

            await AdoptAsync(LoadedProjects.From(loaded.Projects, fromMSBuild: true, loaded.Failures), cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _refreshing.Release();
        }
    }

    /// <summary>Compiles a project; why one could not be is kept in its entry.</summary>
    private async Task TryBuildAsync(LoadedProjects projects, ProjectEntry entry, CancellationToken cancellationToken)
    {
        try
        {
            await _builder.BuildAsync(projects, entry, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is not OperationCanceledException || _closing.IsCancellationRequested)
        {
            _logger.LogWarning(exception, "{Project} could not be compiled", entry.Description.Path);
        }
    }

    internal IEnumerable<string> TransitiveReferences(ProjectDescription project) => _projects.TransitiveReferences(project);

    internal IEnumerable<MetadataReference> MetadataReferencesOf(ProjectDescription project) => _builder.MetadataReferencesOf(_projects, project);

    private void ScheduleRefresh() => _quiet.Change(_options.QuietTime, Timeout.InfiniteTimeSpan);

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
            await _problems.GuardAsync(BackgroundProblems.Refreshing, () => TakeInChangesAsync(cancellationToken)).ConfigureAwait(false);
        }
        finally
        {
            _refreshing.Release();
        }
    }

    private async Task TakeInChangesAsync(CancellationToken cancellationToken)
    {
        if (Loaded.IsCompleted && _pending.TakeMustRead())
        {
            await ReadAgainAsync(cancellationToken).ConfigureAwait(false);
        }

        var isChanged = false;
        foreach (var path in _pending.TakeTexts())
        {
            cancellationToken.ThrowIfCancellationRequested();
            isChanged |= Refresh(path);
        }

        _projects.DropUnused(_texts.OpenPaths);
        (isChanged ? Recompiled : null)?.Invoke();
    }

    private bool Refresh(string path)
    {
        var overlay = _texts.FindOpen(path);
        var onDisk = overlay is null && Filter.MayRead(path) ? _texts.Read(path) : null;
        if (overlay is null)
        {
            Index.SetOrRemove(path, onDisk);
        }
        else
        {
            Index.SetOpen(path, overlay.Text);
        }

        return _projects.Refresh(path, options => overlay?.TreeFor(options) ?? (onDisk is null ? null : CSharpSyntaxTree.ParseText(onDisk, options, path)));
    }

    private CSharpParseOptions OptionsFor(string path) =>
        _projects.FindOwner(path)?.Description.ParseOptions ?? CSharpParseOptions.Default.WithLanguageVersion(LanguageVersion.Preview);
}
