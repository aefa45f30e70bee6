using System.Collections.Immutable;
using System.Text.Json;
using GptOss.CodeAssist.Assistant.Completion.Habits;
using GptOss.CodeAssist.Cli.Showing;
using Microsoft.Extensions.Logging;

namespace GptOss.CodeAssist.Cli;

/// <summary>Counts in one small file, which several servers at once may add to.</summary>
/// <remarks>May be called from any thread. Adding is done in the background; disposing waits for it. A file that cannot be read counts as empty, with a word in the log.</remarks>
internal sealed class CompletionLedgerFile(string path, ILogger logger) : ICompletionLedger, IAsyncDisposable
{
    /// <summary>How often another process's writing is waited for.</summary>
    private const int Attempts = 20;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(25);

    private readonly Lock _lock = new();
    private List<CompletionCounts> _pending = [];
    private Task _writing = Task.CompletedTask;

    public ImmutableArray<CompletionCounts> Read()
    {
        try
        {
            using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            return Read(stream);
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            return [];
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            logger.LogWarning("The counts of completions in {Path} could not be read: {Reason}", path, exception.Message);
            return [];
        }
    }

    public void Add(CompletionCounts counts)
    {
        lock (_lock)
        {
            _pending.Add(counts);
            _writing = _writing.IsCompleted ? Task.Run(WriteAsync) : _writing;
        }
    }

    /// <summary>Forgets everything.</summary>
    public void Reset() => File.Delete(path);

    public async ValueTask DisposeAsync()
    {
        // What was added while the last of it was being written is written here.
        await _writing;
        await WriteAsync();
    }

    private async Task WriteAsync()
    {
        while (true)
        {
            List<CompletionCounts> added;
            lock (_lock)
            {
                (added, _pending) = (_pending, []);
            }

            if (added.Count == 0)
            {
                return;
            }

            try
            {
                await WriteAsync(added);
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                logger.LogWarning("The counts of completions could not be written to {Path}: {Reason}", path, exception.Message);
            }
        }
    }

    private async Task WriteAsync(List<CompletionCounts> added)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        await using var stream = await OpenAloneAsync();
        var sums = Read(stream).Concat(added).GroupBy(counts => (counts.Language, counts.Model)).Select(group => group.Aggregate((left, right) => left.Add(right)));
        var bytes = JsonSerializer.SerializeToUtf8Bytes([.. sums], CliJson.Readable.IReadOnlyListCompletionCounts);
        stream.SetLength(0);
        await stream.WriteAsync(bytes);
    }

    private async Task<FileStream> OpenAloneAsync()
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                // Only a file that is shared with nobody is locked on Unix too.
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException) when (attempt < Attempts)
            {
                await Task.Delay(Pause);
            }
        }
    }

    private ImmutableArray<CompletionCounts> Read(FileStream stream)
    {
        try
        {
            return stream.Length == 0 ? [] : [.. JsonSerializer.Deserialize(stream, CliJson.Readable.IReadOnlyListCompletionCounts) ?? []];
        }
        catch (JsonException exception)
        {
            logger.LogWarning("{Path} does not hold counts of completions and begins anew: {Reason}", path, exception.Message);
            return [];
        }
    }
}
