using System.Collections.Concurrent;
using GptOss.CodeAssist.Protocol;

namespace GptOss.CodeAssist.Server;

/// <summary>Pieces of work that the person may cancel where their progress is shown.</summary>
internal sealed class RunningWorks
{
    private readonly ConcurrentDictionary<ProgressToken, CancellationTokenSource> _works = new();
    private int _lastNumber;

    public ProgressToken NextToken() => new($"gptOss/work/{Interlocked.Increment(ref _lastNumber)}");

    public void Add(ProgressToken token, CancellationTokenSource cancellation) => _works[token] = cancellation;

    public void Remove(ProgressToken token) => _works.TryRemove(token, out _);

    public void Cancel(ProgressToken token)
    {
        if (_works.TryGetValue(token, out var work))
        {
            try
            {
                work.Cancel();
            }
            catch (ObjectDisposedException)
            {
                // It ended in this moment.
            }
        }
    }
}
