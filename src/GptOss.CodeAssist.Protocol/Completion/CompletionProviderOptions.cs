namespace GptOss.CodeAssist.Protocol;

/// <summary>That the server has completion entries; without trigger characters it is asked only when a person types a word or asks.</summary>
public sealed record CompletionProviderOptions
{
    public bool? ResolveProvider { get; init; }
}
