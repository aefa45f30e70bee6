namespace GptOss.CodeAssist.Harmony;

/// <summary>What a reader should do with an assistant's message.</summary>
public enum HarmonyContentKind
{
    /// <summary>Chain of thought: show apart or not at all, never use as text or code.</summary>
    Reasoning,

    /// <summary>The answer; also text for which the model named no channel at all.</summary>
    Answer,

    /// <summary>Text for the user beside the answer. A channel that does not exist counts as this: worth showing, never to be taken for code.</summary>
    Preamble,

    /// <summary>Arguments for the header's recipient.</summary>
    ToolCall,
}
