namespace GptOss.CodeAssist.Cli.Evaluation;

/// <summary>What came of one hole.</summary>
/// <param name="Before">The caret's line up to the caret.</param>
/// <param name="Reason">Why nothing was shown; null where something was.</param>
/// <param name="Expected">What stood there.</param>
/// <param name="Shown">What was shown; null for nothing.</param>
/// <param name="Errors">Null where nothing was shown.</param>
/// <param name="FirstToken">From the request to the model's first token; null where the model was not asked.</param>
/// <param name="Total">From the request to the answer.</param>
/// <param name="Own">The part of <paramref name="Total"/> that was not the model's.</param>
internal sealed record Outcome(string Before, string Expected, string? Shown, string? Reason, NewErrors? Errors, TimeSpan? FirstToken, TimeSpan Total, TimeSpan Own)
{
    /// <summary>In one line, for a person who wants to know what went wrong.</summary>
    public string Describe()
    {
        var verdict = Errors switch { null => "nothing", { Parses: false } => "no parse", { Binds: false } => "no bind", _ => "fine" };
        return $"{verdict,-8} | {Similarity.Normalize(Before)}⟦{Similarity.Normalize(Shown ?? Reason ?? "")}⟧ for ⟦{Similarity.Normalize(Expected)}⟧";
    }
}
