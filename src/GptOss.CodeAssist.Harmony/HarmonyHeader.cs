namespace GptOss.CodeAssist.Harmony;

/// <summary>What stands between <c>&lt;|start|&gt;</c> and <c>&lt;|message|&gt;</c>.</summary>
public sealed record HarmonyHeader
{
    public required HarmonyRole Role { get; init; }

    /// <summary>The tool's full name (<c>functions.find</c>) for tools, which must have one; an optional name for users and assistants.</summary>
    public string? Name { get; init; }

    /// <summary>Whom the message is for, for instance <c>functions.find</c>; null is everybody.</summary>
    public string? Recipient { get; init; }

    public RecipientPlacement RecipientPlacement { get; init; }

    /// <summary>One of <see cref="HarmonyChannels"/>, or whatever else a model wrote.</summary>
    public string? Channel { get; init; }

    public HarmonyContentType? ContentType { get; init; }

    /// <summary>What a reader should do with the content.</summary>
    public HarmonyContentKind Kind => this switch
    {
        { Role: HarmonyRole.Assistant, Recipient: not (null or "all" or "user" or "assistant") } => HarmonyContentKind.ToolCall,
        { Channel: HarmonyChannels.Analysis } => HarmonyContentKind.Reasoning,
        { Channel: null or HarmonyChannels.Final } => HarmonyContentKind.Answer,
        _ => HarmonyContentKind.Preamble,
    };
}
