namespace GptOss.CodeAssist.Assistant;

/// <summary>Why an answer is empty: a stable code and one sentence for a person.</summary>
/// <param name="Code">kebab-case, for instance <c>model-loading</c>; listed in <see cref="EmptyReasons"/>.</param>
/// <param name="Message">What happened, and what to do about it where something can be done.</param>
public sealed record EmptyReason(string Code, string Message);
