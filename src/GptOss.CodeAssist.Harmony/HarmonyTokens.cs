namespace GptOss.CodeAssist.Harmony;

/// <summary>The special tokens that structure a Harmony conversation, by their text.</summary>
/// <remarks>
/// Source: openai/harmony, docs/format.md. The texts are the same in every vocabulary that knows Harmony, the numbers need not be:
/// small models carry the same tokens under other numbers.
/// </remarks>
public static class HarmonyTokens
{
    /// <summary>Begins a message's header.</summary>
    public const string Start = "<|start|>";

    /// <summary>Ends a complete message.</summary>
    public const string End = "<|end|>";

    /// <summary>Between a message's header and its content.</summary>
    public const string Message = "<|message|>";

    /// <summary>Begins the channel in a header.</summary>
    public const string Channel = "<|channel|>";

    /// <summary>Before a content type that the content is constrained to, in a header.</summary>
    public const string Constrain = "<|constrain|>";

    /// <summary>The model is done with its turn. Stored as <see cref="End"/> in history.</summary>
    public const string Return = "<|return|>";

    /// <summary>Ends a tool call: the model waits for the tool's answer.</summary>
    public const string Call = "<|call|>";

    /// <summary>Ends a document; a stop for every request.</summary>
    public const string EndOfText = "<|endoftext|>";
}
