namespace GptOss.CodeAssist.Protocol;

/// <summary>What the editor can do with the workspace.</summary>
public sealed record WorkspaceClientCapabilities
{
    /// <summary>Whether the server may ask for edits.</summary>
    public bool? ApplyEdit { get; init; }

    /// <summary>Whether it answers <c>workspace/configuration</c>.</summary>
    public bool? Configuration { get; init; }

    public DynamicRegistrationCapability? DidChangeConfiguration { get; init; }
    public WorkspaceEditClientCapabilities? WorkspaceEdit { get; init; }
    public DidChangeWatchedFilesClientCapabilities? DidChangeWatchedFiles { get; init; }
}
