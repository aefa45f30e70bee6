using System.Text.Json;

namespace GptOss.CodeAssist.Settings;

/// <summary>The settings of a running program, always the newest: files are looked at again when they are asked for, at most once a second.</summary>
/// <remarks>May be used from any thread.</remarks>
/// <param name="userFile">Full path of the user's file; need not exist.</param>
/// <param name="commandLine">What the command line says.</param>
public sealed class SettingsStore(string userFile, SettingsLayer commandLine, TimeProvider time)
{
    /// <summary>A workspace's settings, under its folder.</summary>
    public static readonly string WorkspaceFile = Path.Combine(".gptoss", "settings.json");

    private static readonly TimeSpan Freshness = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private readonly Dictionary<string, WatchedFile> _files = new(StringComparer.Ordinal);
    private readonly HashSet<string> _told = new(StringComparer.Ordinal);
    private SettingsLayer _editor = SettingsLayer.Empty(SettingsOrigin.Editor);
    private long _version;

    /// <summary>Raised once for each sentence about a value that does not count, and again when it was gone and came back. From any thread.</summary>
    public event Action<string>? ProblemFound;

    public string UserFile => userFile;

    /// <summary>Goes up when any value may have changed.</summary>
    public long Version => Interlocked.Read(ref _version);

    /// <summary>The settings that count for a workspace's documents; without a folder the user's.</summary>
    public SettingsSnapshot For(string? workspaceFolder)
    {
        SettingsSnapshot snapshot;
        List<string> news;
        lock (_lock)
        {
            List<SettingsLayer> layers = [Read(userFile, SettingsRank.UserFile), _editor, commandLine];
            if (workspaceFolder is not null)
            {
                layers.Add(Read(Path.Combine(workspaceFolder, WorkspaceFile), SettingsRank.WorkspaceFile));
            }

            snapshot = new SettingsSnapshot(layers);
            news = [.. snapshot.Problems.Where(_told.Add)];
        }

        news.ForEach(problem => ProblemFound?.Invoke(problem));
        return snapshot;
    }

    /// <summary>The editor says what its settings are; what it said before counts no more.</summary>
    public void SetEditor(JsonElement settings) => SetEditor(SettingsLayer.Read(settings, SettingsOrigin.Editor));

    /// <inheritdoc cref="SetEditor(JsonElement)"/>
    /// <param name="json">What the editor says, as text; what is no JSON is a problem like others.</param>
    public void SetEditor(string json) => SetEditor(SettingsLayer.Parse(json, SettingsOrigin.Editor));

    private void SetEditor(SettingsLayer layer)
    {
        lock (_lock)
        {
            Forget(_editor);
            _editor = layer;
            _version++;
        }
    }

    private SettingsLayer Read(string path, SettingsRank rank)
    {
        var now = time.GetTimestamp();
        var known = _files.GetValueOrDefault(path);
        if (known is not null && time.GetElapsedTime(known.LookedAt, now) < Freshness)
        {
            return known.Layer;
        }

        var file = new FileInfo(path);
        var stamp = file.Exists ? (file.LastWriteTimeUtc.Ticks, file.Length) : default;
        if (known is not null && known.Stamp == stamp)
        {
            _files[path] = known with { LookedAt = now };
            return known.Layer;
        }

        var layer = ReadNow(path, new SettingsOrigin(rank, path));
        if (known is not null)
        {
            Forget(known.Layer);
            _version++;
        }

        _files[path] = new WatchedFile(layer, stamp, now);
        return layer;
    }

    private void Forget(SettingsLayer layer) => _told.ExceptWith(layer.Problems);

    private static SettingsLayer ReadNow(string path, SettingsOrigin origin)
    {
        try
        {
            return SettingsLayer.Parse(File.ReadAllText(path), origin);
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            return SettingsLayer.Empty(origin);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return SettingsLayer.Empty(origin, $"{path} cannot be read ({exception.Message}); its settings do not count.");
        }
    }

    private sealed record WatchedFile(SettingsLayer Layer, (long Ticks, long Length) Stamp, long LookedAt);
}
