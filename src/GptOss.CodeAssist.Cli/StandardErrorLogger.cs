using Microsoft.Extensions.Logging;

namespace GptOss.CodeAssist.Cli;

/// <summary>One line a message on stderr, where editors show it in their server log.</summary>
/// <param name="findMinimum">The least level that is written; asked for every message.</param>
internal sealed class StandardErrorLogger(TextWriter error, Func<LogLevel> findMinimum, TimeProvider time) : ILogger
{
    private readonly Lock _lock = new();

    /// <param name="minimum">The least level that is written.</param>
    public StandardErrorLogger(TextWriter error, LogLevel minimum, TimeProvider time)
        : this(error, () => minimum, time)
    {
    }

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= findMinimum() && logLevel != LogLevel.None;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (!IsEnabled(logLevel))
        {
            return;
        }

        var line = $"{time.GetUtcNow():HH:mm:ss.fff} {logLevel}: {formatter(state, exception).TrimEnd()}";
        lock (_lock)
        {
            error.WriteLine(line);
            if (exception is not null && findMinimum() <= LogLevel.Debug)
            {
                error.WriteLine(exception);
            }
        }
    }
}
