namespace GptOss.CodeAssist.Assistant;

/// <summary>How the assistant is, in words that an editor can show.</summary>
/// <param name="State">Whether it can answer.</param>
/// <param name="Model">The model's name; null until it is loaded.</param>
/// <param name="LoadFraction">Between 0 and 1; null unless loading.</param>
/// <param name="Problem">What is wrong and what to do next; null unless failed, while a lost engine is started again, or where the model chats but cannot complete.</param>
public sealed record AssistantStatus(AssistantState State, string? Model, double? LoadFraction, string? Problem);
