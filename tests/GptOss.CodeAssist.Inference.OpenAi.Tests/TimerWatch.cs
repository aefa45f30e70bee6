using System.Threading.Channels;
using Microsoft.Extensions.Time.Testing;

namespace GptOss.CodeAssist.Inference.OpenAi.Tests;

/// <summary>A clock that a test turns, and that says when somebody begins to wait for it.</summary>
internal sealed class TimerWatch : FakeTimeProvider
{
    private readonly Channel<TimeSpan> _timers = Channel.CreateUnbounded<TimeSpan>();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = base.CreateTimer(callback, state, dueTime, period);
        _timers.Writer.TryWrite(dueTime);
        return timer;
    }

    /// <summary>Turns the clock on by a wait that somebody began, once one that is asked for has begun.</summary>
    /// <returns>How long the wait was.</returns>
    public async Task<TimeSpan> AdvanceOverAsync(Func<TimeSpan, bool> isIt, CancellationToken cancellationToken)
    {
        while (true)
        {
            var due = await _timers.Reader.ReadAsync(cancellationToken);
            if (isIt(due))
            {
                Advance(due);
                return due;
            }
        }
    }
}
