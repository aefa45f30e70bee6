namespace GptOss.CodeAssist.Protocol;

/// <summary>The person opened or closed folders.</summary>
public sealed record DidChangeWorkspaceFoldersParams
{
    public required WorkspaceFoldersChangeEvent Event { get; init; }
}
