namespace GptOss.CodeAssist.Harmony;

/// <summary>The channels of an assistant's message.</summary>
public static class HarmonyChannels
{
    /// <summary>The chain of thought: never shown as the answer, never taken for code.</summary>
    public const string Analysis = "analysis";

    /// <summary>Function calls, and preambles that tell the user what is about to be called.</summary>
    public const string Commentary = "commentary";

    /// <summary>The answer.</summary>
    public const string Final = "final";
}
