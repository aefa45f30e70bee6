using System.Collections.Immutable;

namespace GptOss.CodeAssist.CSharpContext.Related;

/// <summary>One source at work on one request; what it has handed over may be taken at any time.</summary>
internal sealed class SourceRun
{
    private readonly Lock _lock = new();
    private readonly List<RelatedItem> _items = [];
    private readonly IRelatedSource _source;
    private readonly TimeProvider _time;
    private readonly long _start;
    private string? _problem;
    private TimeSpan _elapsed;

    private SourceRun(IRelatedSource source, RelatedRequest request, Func<bool> isLate, TimeProvider time, CancellationToken cancellationToken)
    {
        _source = source;
        _time = time;
        _start = time.GetTimestamp();
        Ended = Task.Run(() => Run(request, isLate, cancellationToken), CancellationToken.None);
    }

    /// <summary>Ends when the source has; never fails.</summary>
    public Task Ended { get; }

    public ImmutableArray<RelatedItem> Items
    {
        get
        {
            lock (_lock)
            {
                return [.. _items];
            }
        }
    }

    /// <summary>Starts a source in the background.</summary>
    public static SourceRun Start(IRelatedSource source, RelatedRequest request, Func<bool> isLate, TimeProvider time, CancellationToken cancellationToken) =>
        new(source, request, isLate, time, cancellationToken);

    /// <summary>How it stands now.</summary>
    public SourceTiming Report()
    {
        lock (_lock)
        {
            return Ended.IsCompleted || _elapsed > TimeSpan.Zero
                ? new SourceTiming(_source.Name, _elapsed.TotalMilliseconds, _items.Count, _problem)
                : new SourceTiming(_source.Name, _time.GetElapsedTime(_start).TotalMilliseconds, _items.Count, "It was not ready in time; the rest is there for the next keystroke.");
        }
    }

    private void Run(RelatedRequest request, Func<bool> isLate, CancellationToken cancellationToken)
    {
        string? problem;
        try
        {
            problem = _source.Find(request, Add, isLate, cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            problem = "It was cancelled.";
        }
#pragma warning disable CA1031 // Context is an extra: whatever Roslyn throws on broken code is a reason to have less of it, told by name, and none to have no completion.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            problem = $"It failed: {exception.GetType().Name}: {exception.Message.ReplaceLineEndings(" ")}";
        }

        lock (_lock)
        {
            _problem = problem;
            _elapsed = _time.GetElapsedTime(_start) is var elapsed && elapsed > TimeSpan.Zero ? elapsed : TimeSpan.FromTicks(1);
        }
    }

    private void Add(RelatedItem item)
    {
        lock (_lock)
        {
            _items.Add(item);
        }
    }
}
