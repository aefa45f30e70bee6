namespace GptOss.CodeAssist.Harmony;

/// <summary>What a parser found in a stream of tokens: a closed family.</summary>
public abstract record HarmonyEvent
{
    private HarmonyEvent()
    {
    }

    /// <summary>A message's header is complete; its content follows.</summary>
    public sealed record MessageStarted(HarmonyHeader Header) : HarmonyEvent;

    /// <summary>More content of the message whose header is <paramref name="Header"/>.</summary>
    public sealed record ContentDelta(HarmonyHeader Header, string Text) : HarmonyEvent;

    /// <summary>A message is over. All its deltas in order are its text.</summary>
    /// <param name="Complete">False when the stream stopped in the middle of it: at a token limit, or cancelled.</param>
    public sealed record MessageEnded(HarmonyMessage Message, bool Complete) : HarmonyEvent;

    /// <summary>The stream departed from the format; the parser went on. For logs and statistics.</summary>
    public sealed record Malformed(string Problem) : HarmonyEvent;
}
