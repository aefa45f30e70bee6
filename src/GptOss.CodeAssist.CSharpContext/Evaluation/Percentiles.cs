namespace GptOss.CodeAssist.CSharpContext.Evaluation;

/// <summary>A distribution in three numbers.</summary>
public sealed record Percentiles(double P50, double P95, double Max, int Count)
{
    public static Percentiles Of(IReadOnlyCollection<double> values)
    {
        ArgumentNullException.ThrowIfNull(values);
        var sorted = values.Order().ToArray();
        return sorted.Length == 0
            ? new Percentiles(0, 0, 0, 0)
            : new Percentiles(sorted[sorted.Length / 2], sorted[Math.Min(sorted.Length - 1, (int)(sorted.Length * 0.95))], sorted[^1], sorted.Length);
    }
}
