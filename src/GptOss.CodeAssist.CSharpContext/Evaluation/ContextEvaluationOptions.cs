namespace GptOss.CodeAssist.CSharpContext.Evaluation;

/// <summary>What an evaluation measures.</summary>
/// <param name="Folder">The repository.</param>
/// <param name="Samples">Holes that need context, of each kind; what they held is put before the gate as well.</param>
/// <param name="Seed">Chooses the holes.</param>
/// <param name="CountTokens">Counts o200k tokens.</param>
public sealed record ContextEvaluationOptions(string Folder, int Samples, int Seed, Func<string, int> CountTokens)
{
    public static readonly int[] Budgets = [256, 512, 1024, 2048, 4096];

    /// <summary>True texts for the gate, at least; where the samples are fewer, more places are taken for the gate alone.</summary>
    public int Texts { get; init; }

    /// <summary>Receives a line for each identifier that was not found, or null.</summary>
    public TextWriter? Misses { get; init; }
}
