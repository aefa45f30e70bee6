using System.Collections.Concurrent;
using System.Collections.Immutable;
using GptOss.CodeAssist.Assistant;
using Microsoft.Extensions.Logging;

namespace GptOss.CodeAssist.Server;

/// <summary>Logs why answers are empty, remembers the newest reason and counts all of them, so that silence can be explained. May be used from any thread.</summary>
internal sealed class EmptyAnswerLog(ILogger logger)
{
    private readonly ConcurrentDictionary<string, int> _counts = new(StringComparer.Ordinal);
    private volatile EmptyReason? _newest;

    /// <summary>Raised when the newest reason became another one.</summary>
    public event Action? Changed;

    /// <summary>Null while no answer was empty. Never that a newer request took an older one's place or that nobody asked: that is the rule, and would hide what is wrong.</summary>
    public EmptyReason? Newest => _newest;

    /// <summary>How often each code was the reason, by code; empty while no answer was empty.</summary>
    public ImmutableSortedDictionary<string, int> Counts => _counts.ToImmutableSortedDictionary(StringComparer.Ordinal);

    /// <param name="what">What was asked for, in the words of the protocol.</param>
    public void Record(string what, EmptyReason reason)
    {
        _counts.AddOrUpdate(reason.Code, 1, (_, count) => count + 1);
        if (reason.Is(EmptyReasonCode.Superseded) || reason.Is(EmptyReasonCode.NotAsked))
        {
            logger.LogDebug("Empty {What}: {Code}: {Reason}", what, reason.Code, reason.Message);
            return;
        }

        logger.LogInformation("Empty {What}: {Code}: {Reason}", what, reason.Code, reason.Message);
        var changed = _newest != reason;
        _newest = reason;
        if (changed)
        {
            Changed?.Invoke();
        }
    }
}
