namespace GptOss.CodeAssist.Assistant.Completion;

/// <summary>An answer whose end is decided, with what decided it.</summary>
/// <param name="Text">What the model said, up to the end.</param>
/// <param name="Refusal">Why nothing of it is worth showing; null when something may be.</param>
/// <param name="IsCutShort">Whether its last line may be unfinished: the model was stopped by a limit and not by a rule or by itself.</param>
/// <param name="EndedWithLineBreak">Whether the answer's line ended with a line break that the model wrote.</param>
internal sealed record DecidedText(string Text, string? Refusal, bool IsCutShort, bool EndedWithLineBreak);
