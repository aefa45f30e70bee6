namespace GptOss.CodeAssist.Protocol;

/// <summary>What the editor can do with inline completions.</summary>
public sealed record InlineCompletionClientCapabilities
{
    public bool? DynamicRegistration { get; init; }
}
