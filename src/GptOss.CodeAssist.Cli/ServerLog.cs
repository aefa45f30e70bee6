using Microsoft.Extensions.Logging;
using Serilog;
using Serilog.Extensions.Logging;
using Serilog.Formatting.Compact;
using ILogger = Microsoft.Extensions.Logging.ILogger;

namespace GptOss.CodeAssist.Cli;

/// <summary>The server's log: lines on stderr for the editor, and files of one JSON object a line, of which the newest are kept.</summary>
internal sealed class ServerLog : ILogger, IDisposable
{
    private const long FileBytes = 4 * 1024 * 1024;
    private const int KeptFiles = 8;

    private readonly StandardErrorLogger _error;
    private readonly ILogger? _file;
    private readonly SerilogLoggerFactory? _factory;
    private readonly Func<LogLevel> _findMinimum;

    /// <param name="findMinimum">The least level that is written; asked for every message.</param>
    /// <param name="folder">Where the files are; null writes none.</param>
    public ServerLog(TextWriter error, Func<LogLevel> findMinimum, string? folder, TimeProvider time)
    {
        _error = new StandardErrorLogger(error, findMinimum, time);
        _findMinimum = findMinimum;
        if (folder is null)
        {
            return;
        }

        // Several servers write one file, each line with its process. A folder that cannot be written costs the files, not the server.
        var log = new LoggerConfiguration().MinimumLevel.Verbose().Enrich.WithProperty("Process", Environment.ProcessId)
            .WriteTo.File(new CompactJsonFormatter(), Path.Combine(folder, "server-.jsonl"), rollingInterval: RollingInterval.Day, fileSizeLimitBytes: FileBytes, rollOnFileSizeLimit: true, retainedFileCountLimit: KeptFiles, shared: true)
            .CreateLogger();
        _factory = new SerilogLoggerFactory(log, dispose: true);
        _file = _factory.CreateLogger("server");
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
            _file?.Log(logLevel, eventId, state, exception, formatter);
        }
    }

    public void Dispose() => _factory?.Dispose();
}
