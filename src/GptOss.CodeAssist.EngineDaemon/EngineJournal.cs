using System.Globalization;

namespace GptOss.CodeAssist.EngineDaemon;

/// <summary>What is written beside an engine's socket so that the next process knows how the last one ended.</summary>
/// <remarks>A host leaves a mark while it runs and takes it away when it leaves in order; a mark without a process is a crash.</remarks>
public sealed class EngineJournal(EngineAddress address, TimeProvider time)
{
    private const string Ready = "ready";

    /// <summary>Older crashes say nothing about now.</summary>
    private static readonly TimeSpan Memory = TimeSpan.FromMinutes(10);

    /// <summary>The crashes of the last minutes, oldest first.</summary>
    public IReadOnlyList<EngineCrash> ReadCrashes()
    {
        if (!File.Exists(address.CrashPath))
        {
            return [];
        }

        var since = time.GetUtcNow() - Memory;
        return [.. File.ReadLines(address.CrashPath).Select(Parse).OfType<EngineCrash>().Where(crash => crash.At >= since)];
    }

    /// <summary>Forgets every crash: somebody wants it tried again.</summary>
    public void Clear() => File.Delete(address.CrashPath);

    /// <summary>The last line that the engine wrote before it was lost; null where it wrote nothing.</summary>
    public string? FindLastWords()
    {
        try
        {
            return File.Exists(address.LogPath) ? File.ReadLines(address.LogPath).LastOrDefault(line => !string.IsNullOrWhiteSpace(line))?.Trim() : null;
        }
        catch (IOException)
        {
            return null;
        }
    }

    /// <summary>Writes down an engine that was lost, where one was. Call while no process owns the address.</summary>
    internal void NoteLoss()
    {
        if (File.Exists(address.RunningPath))
        {
            NoteCrash(File.ReadAllText(address.RunningPath) == Ready);
            File.Delete(address.RunningPath);
        }
    }

    internal void NoteCrash(bool wasReady)
    {
        var crashes = ReadCrashes().Append(new EngineCrash(time.GetUtcNow(), wasReady));
        File.WriteAllLines(address.CrashPath, crashes.Select(crash => string.Create(CultureInfo.InvariantCulture, $"{crash.At.ToUnixTimeMilliseconds()} {(crash.WasReady ? Ready : "loading")}")));
    }

    internal void NoteStart() => File.WriteAllText(address.RunningPath, "loading");

    internal void NoteReady() => File.WriteAllText(address.RunningPath, Ready);

    internal void NoteEnd() => File.Delete(address.RunningPath);

    private static EngineCrash? Parse(string line) => line.Split(' ') is [var at, var phase] && long.TryParse(at, CultureInfo.InvariantCulture, out var milliseconds)
        ? new EngineCrash(DateTimeOffset.FromUnixTimeMilliseconds(milliseconds), phase == Ready)
        : null;
}
