using Microsoft.Extensions.Logging;

namespace GptOss.CodeAssist.Cli;

/// <summary>One line a message on stderr, where editors show it in their server log.</summary>
internal sealed class StandardErrorLogger(TextWriter error, LogLevel minimum, TimeProvider time) : ILogger
{
    private readonly Lock _lock = new();

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= minimum && logLevel != LogLevel.None;

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
            if (exception is not null && minimum <= LogLevel.Debug)
            {
                error.WriteLine(exception);
            }
        }
    }
}
