namespace GptOss.CodeAssist.Assistant.Completion;

/// <summary>What was decided about showing a text.</summary>
/// <param name="Candidate">What is shown; null for nothing.</param>
/// <param name="Refusal">Why nothing is shown; null exactly when something is.</param>
internal sealed record Verdict(JudgedCandidate? Candidate, EmptyReason? Refusal)
{
    /// <summary>Whether the model could go on however it wants and nothing else would be shown.</summary>
    public bool IsFinal { get; init; }
}
