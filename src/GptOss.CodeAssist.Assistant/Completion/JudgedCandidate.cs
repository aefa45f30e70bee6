namespace GptOss.CodeAssist.Assistant.Completion;

/// <summary>An answer that fits its place, with what speaks for it.</summary>
/// <param name="Fitted">What would be inserted.</param>
/// <param name="IsWhole">Whether the compiler had nothing to cut from it or to add to it.</param>
/// <param name="Confidence">Geometric mean of the tokens' probabilities, between 0 and 1; NaN where the engine does not tell.</param>
internal sealed record JudgedCandidate(FittedAnswer Fitted, bool IsWhole, double Confidence);
