namespace GptOss.CodeAssist.Inference.OpenAi.Vocabularies;

/// <summary>One token of a text.</summary>
/// <param name="Id">Its number.</param>
/// <param name="Text">What it stands for; null where that may be a part of a character, or nobody says.</param>
internal readonly record struct ServedToken(int Id, string? Text);
