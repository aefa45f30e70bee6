namespace GptOss.CodeAssist.Assistant.Chat;

/// <summary>The limits of conversations.</summary>
public sealed record ChatOptions
{
    /// <summary>Most look-ups for one message; then the model must answer.</summary>
    public int MaxToolCalls { get; init; } = 8;

    /// <summary>Most tokens of one look-up's output; a sixteenth of the context where that is less.</summary>
    public int MaxToolOutputTokens { get; init; } = 2048;

    /// <summary>Most tokens of all that one message refers to; a third of the context where that is less.</summary>
    public int MaxReferenceTokens { get; init; } = 16384;

    /// <summary>Conversations remembered; the one not used for longest is forgotten first.</summary>
    public int MaxConversations { get; init; } = 32;
}
