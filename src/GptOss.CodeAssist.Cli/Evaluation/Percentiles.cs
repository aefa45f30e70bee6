namespace GptOss.CodeAssist.Cli.Evaluation;

/// <summary>A median and a bad case, in milliseconds.</summary>
internal sealed record Percentiles(double P50, double P95)
{
    public static Percentiles Of(IEnumerable<TimeSpan> times)
    {
        var sorted = times.Order().ToList();
        return sorted.Count == 0 ? new Percentiles(0, 0) : new Percentiles(At(0.50), At(0.95));

        double At(double fraction) => Math.Round(sorted[(int)Math.Min(sorted.Count - 1, fraction * sorted.Count)].TotalMilliseconds, 2);
    }
}
