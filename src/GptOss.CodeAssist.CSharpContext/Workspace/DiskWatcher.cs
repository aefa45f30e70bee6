using System.Collections.Immutable;
using Microsoft.Extensions.Logging;

namespace GptOss.CodeAssist.CSharpContext.Workspace;

/// <summary>Watches folders on disk, for editors that do not.</summary>
/// <remarks>
/// The system's own watching is taken where it can be had. Where it loses events, the folders are looked at again; where it is refused or
/// breaks, or would cost a watch for each of very many folders, they are looked at from time to time, and it is said why.
/// </remarks>
/// <param name="folders">Full paths.</param>
/// <param name="listFiles">All files whose changes count, with full paths. Asked in the background.</param>
/// <param name="counts">Whether a change of a path counts; it may be a folder's.</param>
/// <param name="changed">Told full paths of what was made, changed or deleted.</param>
/// <param name="degraded">Told why changes are heard of late.</param>
internal sealed class DiskWatcher(
    ImmutableArray<string> folders, Func<CancellationToken, IEnumerable<string>> listFiles, Func<string, bool> counts, Action<IReadOnlyList<string>> changed, Action<string> degraded, TimeProvider time, ILogger logger) : IDisposable
{
    private const int BufferSize = 64 * 1024;

    /// <summary>On Linux each folder takes one of the user's watches, and setting them all takes its time.</summary>
    private const int MaximumFolders = 20_000;

    private static readonly TimeSpan ShortestRest = TimeSpan.FromSeconds(10);

    private readonly CancellationTokenSource _closing = new();
    private readonly FileStamps _stamps = new();
    private readonly List<FileSystemWatcher> _watchers = [];
    private readonly Lock _lock = new();
    private readonly SemaphoreSlim _looking = new(1, 1);
    private ITimer? _timer;

    /// <summary>Makes the system's watcher of a folder; refused with an <see cref="IOException"/> where there are too many.</summary>
    internal Func<string, FileSystemWatcher> Create { get; init; } = OfSystem;

    /// <summary>Begins in the background; ends when changes are heard of.</summary>
    public Task StartAsync() => Task.Run(RunAsync, _closing.Token);

    /// <summary>Ends the watching; nothing is told after it.</summary>
    public void Dispose()
    {
        _closing.Cancel();
        StopWatching();
        lock (_lock)
        {
            _timer?.Dispose();
        }
    }

    /// <summary>The system's watching failed: lost events are looked for, a watcher that ended is replaced by looking.</summary>
    internal void Fail(Exception exception)
    {
        if (_closing.IsCancellationRequested)
        {
            return;
        }

        if (exception is InternalBufferOverflowException)
        {
            logger.LogInformation("More changed on disk than the system could tell of; the folders are looked at again.");
            _ = Task.Run(LookAsync, _closing.Token);
        }
        else
        {
            StopWatching();
            LookFromTimeToTime(exception.Message.ReplaceLineEndings(" "));
        }
    }

    internal static FileSystemWatcher OfSystem(string folder) => new(folder)
    {
        IncludeSubdirectories = true,
        InternalBufferSize = BufferSize,
        NotifyFilter = NotifyFilters.FileName | NotifyFilters.DirectoryName | NotifyFilters.LastWrite | NotifyFilters.Size,
    };

    private async Task RunAsync()
    {
        foreach (var path in listFiles(_closing.Token))
        {
            _stamps.Note(path);
        }

        if (OperatingSystem.IsLinux() && HasMoreFoldersThan(MaximumFolders))
        {
            LookFromTimeToTime($"there are more than {MaximumFolders} folders to watch");
            return;
        }

        try
        {
            foreach (var folder in folders.Where(Directory.Exists))
            {
                Watch(Create(folder));
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException or PlatformNotSupportedException)
        {
            Fail(exception);
            return;
        }

        // Setting all the watches took its time; what changed meanwhile is found.
        await LookAsync().ConfigureAwait(false);
    }

    private void Watch(FileSystemWatcher watcher)
    {
        lock (_lock)
        {
            _watchers.Add(watcher);
        }

        watcher.Changed += (_, change) => Tell(change.FullPath);
        watcher.Created += (_, change) => Tell(change.FullPath);
        watcher.Deleted += (_, change) => Tell(change.FullPath);
        watcher.Renamed += (_, change) => Tell(change.OldFullPath, change.FullPath);
        watcher.Error += (_, error) => Fail(error.GetException());
        watcher.EnableRaisingEvents = true;
    }

    private void Tell(params IReadOnlyList<string> paths)
    {
        string[] wanted = [.. paths.Where(counts)];
        if (wanted.Length > 0 && !_closing.IsCancellationRequested)
        {
            changed(wanted);
        }
    }

    private void LookFromTimeToTime(string because)
    {
        lock (_lock)
        {
            if (_timer is not null)
            {
                return;
            }

            _timer = time.CreateTimer(_ => _ = LookAsync(), null, ShortestRest, Timeout.InfiniteTimeSpan);
        }

        degraded($"Changes on disk are looked for every {ShortestRest.TotalSeconds:0} seconds or more, because the system cannot tell of them at once: {because}.");
    }

    private async Task LookAsync()
    {
        try
        {
            await _looking.WaitAsync(_closing.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            return;
        }

        var started = time.GetTimestamp();
        try
        {
            if (_stamps.Look(listFiles(_closing.Token)) is { Count: > 0 } found)
            {
                changed(found);
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or OperationCanceledException)
        {
            logger.LogInformation("A look at the folders was not finished: {Reason}", exception.Message);
        }
        finally
        {
            _looking.Release();
        }

        // A slow disk is left alone for most of the time.
        var rest = time.GetElapsedTime(started) * 20;
        lock (_lock)
        {
            if (!_closing.IsCancellationRequested)
            {
                _timer?.Change(rest > ShortestRest ? rest : ShortestRest, Timeout.InfiniteTimeSpan);
            }
        }
    }

    private bool HasMoreFoldersThan(int limit)
    {
        var options = new EnumerationOptions { IgnoreInaccessible = true, RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint };
        return folders.Where(Directory.Exists).SelectMany(folder => Directory.EnumerateDirectories(folder, "*", options)).Skip(limit).Any();
    }

    private void StopWatching()
    {
        FileSystemWatcher[] watchers;
        lock (_lock)
        {
            watchers = [.. _watchers];
            _watchers.Clear();
        }

        foreach (var watcher in watchers)
        {
            watcher.Dispose();
        }
    }
}
