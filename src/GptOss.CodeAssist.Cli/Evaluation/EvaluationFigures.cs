namespace GptOss.CodeAssist.Cli.Evaluation;

/// <summary>What completion is worth on real code; rates in percent, times in milliseconds.</summary>
internal sealed record EvaluationFigures
{
    public required int Samples { get; init; }

    /// <summary>Of all: something was shown.</summary>
    public required double Shown { get; init; }

    /// <summary>Of all: exactly what stood there, white space aside.</summary>
    public required double ExactMatch { get; init; }

    /// <summary>Mean over what was shown.</summary>
    public required double EditSimilarity { get; init; }

    /// <summary>Of all: the same identifiers in the same order.</summary>
    public required double IdentifierMatch { get; init; }

    /// <summary>Of the characters that stood there: the beginning that need not be typed.</summary>
    public required double CharsSaved { get; init; }

    /// <summary>Of what was shown: no new syntax error.</summary>
    public required double Parses { get; init; }

    /// <summary>Of what was shown: no new error in it.</summary>
    public required double Binds { get; init; }

    public required Percentiles FirstTokenMs { get; init; }

    public required Percentiles TotalMs { get; init; }

    /// <summary>The time beside the model's.</summary>
    public required Percentiles OwnMs { get; init; }

    /// <summary>Of one token after the first, guidance included.</summary>
    public required Percentiles TokenMs { get; init; }

    /// <summary>How often nothing was shown for which reason.</summary>
    public required IReadOnlyDictionary<string, int> Empty { get; init; }

    public static EvaluationFigures Of(IReadOnlyList<Outcome> outcomes)
    {
        var shown = outcomes.Where(outcome => outcome.Shown is not null).ToList();
        return new EvaluationFigures
        {
            Samples = outcomes.Count,
            Shown = Percent(shown.Count, outcomes.Count),
            ExactMatch = Percent(shown.Count(outcome => Similarity.Normalize(outcome.Shown!) == Similarity.Normalize(outcome.Expected)), outcomes.Count),
            EditSimilarity = shown.Count == 0 ? 0 : Math.Round(shown.Average(outcome => Similarity.OfEdits(outcome.Expected, outcome.Shown!)) * 100, 1),
            IdentifierMatch = Percent(shown.Count(outcome => Similarity.OfIdentifiers(outcome.Expected, outcome.Shown!)), outcomes.Count),
            CharsSaved = Percent(shown.Sum(outcome => Similarity.CharactersSaved(outcome.Expected, outcome.Shown!)), outcomes.Sum(outcome => outcome.Expected.Length)),
            Parses = Percent(shown.Count(outcome => outcome.Errors!.Parses), shown.Count),
            Binds = Percent(shown.Count(outcome => outcome.Errors!.Binds), shown.Count),
            FirstTokenMs = Percentiles.Of(outcomes.Where(outcome => outcome.Usage is not null).Select(outcome => outcome.Usage!.FirstToken)),
            TotalMs = Percentiles.Of(outcomes.Select(outcome => outcome.Total)),
            OwnMs = Percentiles.Of(outcomes.Select(outcome => outcome.Own)),
            TokenMs = Percentiles.Of(outcomes.Select(outcome => outcome.Usage).Where(usage => usage is { GeneratedTokens: > 1 }).Select(usage => usage!.Decode / (usage.GeneratedTokens - 1))),
            Empty = outcomes.Where(outcome => outcome.Reason is not null).CountBy(outcome => outcome.Reason!.Code).OrderByDescending(reason => reason.Value).ToDictionary(),
        };
    }

    private static double Percent(int part, int whole) => whole == 0 ? 0 : Math.Round(100.0 * part / whole, 1);
}
