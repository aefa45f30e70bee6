namespace GptOss.CodeAssist.Models;

/// <summary>How far a pull is.</summary>
/// <param name="File">The file's name.</param>
/// <param name="Done">Bytes of the whole model that are there (or verified), those of earlier tries too.</param>
/// <param name="Total">Bytes of the whole model.</param>
/// <param name="BytesPerSecond">The rate of the last seconds; null while it is not known.</param>
public sealed record PullProgress(PullStage Stage, string File, long Done, long Total, double? BytesPerSecond)
{
    /// <summary>Null while the rate is not known.</summary>
    public TimeSpan? Left => BytesPerSecond is > 0 and var rate ? TimeSpan.FromSeconds(Math.Min((Total - Done) / rate, TimeSpan.MaxValue.TotalSeconds / 2)) : null;
}
