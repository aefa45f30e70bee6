using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Serilog;
using Serilog.Extensions.Logging;
using Serilog.Formatting.Compact;
using ILogger = Microsoft.Extensions.Logging.ILogger;

namespace GptOss.CodeAssist.Cli;

/// <summary>The server's log: lines on stderr for the editor, and files of one JSON object a line, of which the newest are kept.</summary>
/// <remarks>The files are opened and written in the background: an editor waits for the server's first answer, and no disk may ever make it wait.</remarks>
internal sealed class ServerLog : ILogger, IAsyncDisposable
{
    private const long FileBytes = 4 * 1024 * 1024;
    private const int KeptFiles = 8;

    /// <summary>What a disk that does not answer may hold back; what comes then is on stderr alone.</summary>
    private const int MaxWaiting = 4096;

    /// <summary>How long the end of the server waits for such a disk.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private readonly TimeProvider _time;
    private readonly StandardErrorLogger _error;
    private readonly Channel<Action<ILogger>> _toFile = Channel.CreateBounded<Action<ILogger>>(new BoundedChannelOptions(MaxWaiting) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });
    private readonly TaskCompletionSource _ending = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task _writing;
    private readonly bool _hasFile;
    private readonly Func<LogLevel> _findMinimum;

    /// <param name="findMinimum">The least level that is written; asked for every message.</param>
    /// <param name="folder">Where the files are; null writes none.</param>
    /// <param name="begin">When the files may be opened, at the end at the latest; null opens them at once.</param>
    public ServerLog(TextWriter error, Func<LogLevel> findMinimum, string? folder, TimeProvider time, Task? begin = null)
    {
        _error = new StandardErrorLogger(error, findMinimum, time);
        _findMinimum = findMinimum;
        _time = time;
        _hasFile = folder is not null;
        _writing = folder is null ? Task.CompletedTask : Task.Run(() => WriteAsync(folder, begin ?? Task.CompletedTask));
    }

    /// <summary>Where a user's server logs are.</summary>
    public static string FolderOf(CliEnvironment environment) => Path.Combine(environment.DataFolder, "logs");

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel != LogLevel.None && logLevel >= _findMinimum();

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (IsEnabled(logLevel))
        {
            _error.Log(logLevel, eventId, state, exception, formatter);
            if (_hasFile)
            {
                _toFile.Writer.TryWrite(file => file.Log(logLevel, eventId, state, exception, formatter));
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        _toFile.Writer.TryComplete();
        _ending.TrySetResult();
        await _writing.WaitAsync(Patience, _time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task WriteAsync(string folder, Task begin)
    {
        await Task.WhenAny(begin, _ending.Task);
        // Several servers write one file, each line with its process. A folder that cannot be written costs the files, not the server.
        var log = new LoggerConfiguration().MinimumLevel.Verbose().Enrich.WithProperty("Process", Environment.ProcessId)
            .WriteTo.File(new CompactJsonFormatter(), Path.Combine(folder, "server-.jsonl"), rollingInterval: RollingInterval.Day, fileSizeLimitBytes: FileBytes, rollOnFileSizeLimit: true, retainedFileCountLimit: KeptFiles, shared: true)
            .CreateLogger();
        using var factory = new SerilogLoggerFactory(log, dispose: true);
        var file = factory.CreateLogger("server");
        await foreach (var write in _toFile.Reader.ReadAllAsync())
        {
            write(file);
        }
    }
}
