namespace GptOss.CodeAssist.Harmony;

/// <summary>How a parser begins and what it forgives.</summary>
public sealed record HarmonyParserOptions
{
    /// <summary>How the prompt opened the assistant's turn: the stream goes on from there. Null for a stream that begins with <c>&lt;|start|&gt;</c>.</summary>
    public AssistantOpening? Opening { get; init; } = new AssistantOpening.Header();

    /// <summary>Whether a departure from the format throws <see cref="HarmonyFormatException"/>. By default nothing a model says ever throws.</summary>
    public bool Strict { get; init; }

    /// <summary>The special tokens' numbers, needed only for streams that do not name special tokens by their text.</summary>
    public HarmonyTokenIds? TokenIds { get; init; }
}
