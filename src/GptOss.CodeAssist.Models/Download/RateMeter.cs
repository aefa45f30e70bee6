namespace GptOss.CodeAssist.Models.Download;

/// <summary>Tells progress a few times a second, with the rate of the last seconds. May be used from several threads.</summary>
internal sealed class RateMeter(TimeProvider time, IProgress<PullProgress>? progress, long total)
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(10);

    private readonly Lock _lock = new();
    private readonly Queue<(long Timestamp, long Done)> _samples = new();
    private long _done;
    private long _toldAt;
    private PullStage _stage;
    private string _file = "";

    /// <summary>Another file, or another stage of one.</summary>
    /// <param name="done">Bytes of the model that are there.</param>
    public void Begin(PullStage stage, string file, long done)
    {
        lock (_lock)
        {
            (_stage, _file, _done) = (stage, file, done);
            _samples.Clear();
            Tell(time.GetTimestamp());
        }
    }

    /// <summary>More bytes came.</summary>
    public void Add(long bytes)
    {
        lock (_lock)
        {
            _done += bytes;
            var now = time.GetTimestamp();
            if (time.GetElapsedTime(_toldAt, now) >= Interval)
            {
                Tell(now);
            }
        }
    }

    private void Tell(long now)
    {
        _toldAt = now;
        _samples.Enqueue((now, _done));
        while (_samples.Count > 2 && time.GetElapsedTime(_samples.Peek().Timestamp, now) > Window)
        {
            _samples.Dequeue();
        }

        var (since, before) = _samples.Peek();
        var seconds = time.GetElapsedTime(since, now).TotalSeconds;
        progress?.Report(new PullProgress(_stage, _file, _done, total, seconds > 0 ? (_done - before) / seconds : null));
    }
}
