namespace GptOss.CodeAssist.Inference.Scheduling;

/// <summary>What one running request could put into the next batch.</summary>
/// <param name="Priority">Who waits for it.</param>
/// <param name="Arrival">When it came; smaller is earlier.</param>
/// <param name="IsAnswering">Whether its prompt is evaluated and the next token is one of the answer's.</param>
/// <param name="Tokens">Prompt tokens still to be evaluated, or the answer's next token and those drafted after it.</param>
public readonly record struct SlotWork(RequestPriority Priority, long Arrival, bool IsAnswering, int Tokens);
