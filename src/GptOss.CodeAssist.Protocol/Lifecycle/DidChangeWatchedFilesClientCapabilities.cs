namespace GptOss.CodeAssist.Protocol;

/// <summary>Whether the editor watches files for the server.</summary>
public sealed record DidChangeWatchedFilesClientCapabilities
{
    public bool? DynamicRegistration { get; init; }
}
