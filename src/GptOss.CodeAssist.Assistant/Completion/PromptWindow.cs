namespace GptOss.CodeAssist.Assistant.Completion;

/// <summary>What a prompt shows, in the model's style.</summary>
/// <param name="Head">Text before the caret up to the anchor line; changes only when the window or the anchor moves.</param>
/// <param name="Tail">Text from the anchor line to the caret: the part that grows while a person types.</param>
/// <param name="Suffix">Text after the caret.</param>
internal sealed record PromptWindow(string Head, string Tail, string Suffix)
{
    /// <summary>What the file is called.</summary>
    public string FileName { get; init; } = "";

    /// <summary>Related code from elsewhere, an item a line; empty for none.</summary>
    public string Related { get; init; } = "";
}
