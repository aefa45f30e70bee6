namespace GptOss.CodeAssist.CSharpContext.Evaluation;

/// <summary>What an evaluation measures.</summary>
/// <param name="Folder">The repository.</param>
/// <param name="Samples">Holes that need context, of each kind; and true texts for the gate, of each kind.</param>
/// <param name="Seed">Chooses the holes.</param>
/// <param name="CountTokens">Counts o200k tokens.</param>
public sealed record ContextEvaluationOptions(string Folder, int Samples, int Seed, Func<string, int> CountTokens)
{
    public static readonly int[] Budgets = [256, 512, 1024, 2048, 4096];

    /// <summary>Receives a line for each identifier that was not found, or null.</summary>
    public TextWriter? Misses { get; init; }
}
