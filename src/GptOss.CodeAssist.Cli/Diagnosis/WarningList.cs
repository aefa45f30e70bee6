using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace GptOss.CodeAssist.Cli.Diagnosis;

/// <summary>Keeps the warnings and errors of a part that tells them to its log alone. May be used from any thread.</summary>
internal sealed class WarningList : ILogger
{
    private readonly ConcurrentQueue<string> _messages = new();

    public IReadOnlyCollection<string> Messages => _messages;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel is >= LogLevel.Warning and not LogLevel.None;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (IsEnabled(logLevel))
        {
            _messages.Enqueue(formatter(state, exception));
        }
    }
}
