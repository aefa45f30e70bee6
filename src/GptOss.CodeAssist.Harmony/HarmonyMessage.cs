namespace GptOss.CodeAssist.Harmony;

/// <summary>One message of a conversation.</summary>
public sealed record HarmonyMessage(HarmonyHeader Header, HarmonyContent Content)
{
    public static HarmonyMessage System(HarmonyContent.System content) => new(new HarmonyHeader { Role = HarmonyRole.System }, content);

    public static HarmonyMessage Developer(HarmonyContent.Developer content) => new(new HarmonyHeader { Role = HarmonyRole.Developer }, content);

    public static HarmonyMessage User(string text) => new(new HarmonyHeader { Role = HarmonyRole.User }, new HarmonyContent.Text(text));

    /// <summary>Something the assistant said on a channel (<see cref="HarmonyChannels"/>).</summary>
    public static HarmonyMessage Assistant(string channel, string text) =>
        new(new HarmonyHeader { Role = HarmonyRole.Assistant, Channel = channel }, new HarmonyContent.Text(text));

    /// <summary>The assistant calls a function with JSON arguments.</summary>
    /// <param name="recipient">The full name, for instance <c>functions.find</c>.</param>
    public static HarmonyMessage ToolCall(string recipient, string arguments, RecipientPlacement placement = RecipientPlacement.AfterRole) => new(
        new HarmonyHeader
        {
            Role = HarmonyRole.Assistant,
            Recipient = recipient,
            RecipientPlacement = placement,
            Channel = HarmonyChannels.Commentary,
            ContentType = HarmonyContentType.ConstrainedJson,
        },
        new HarmonyContent.Text(arguments));

    /// <summary>What a function answered.</summary>
    /// <param name="name">The full name, for instance <c>functions.find</c>.</param>
    public static HarmonyMessage ToolResult(string name, string output) => new(
        new HarmonyHeader { Role = HarmonyRole.Tool, Name = name, Recipient = "assistant", Channel = HarmonyChannels.Commentary },
        new HarmonyContent.Text(output));

    /// <summary>The text of text content; empty for system and developer content.</summary>
    public string TextContent => (Content as HarmonyContent.Text)?.Value ?? "";
}
