namespace GptOss.CodeAssist.Assistant.Completion;

/// <summary>What was decided about showing a text.</summary>
/// <param name="Candidate">What is shown; null for nothing.</param>
/// <param name="Refusal">Why nothing is shown; null exactly when something is.</param>
internal sealed record Verdict(JudgedCandidate? Candidate, EmptyReason? Refusal);
