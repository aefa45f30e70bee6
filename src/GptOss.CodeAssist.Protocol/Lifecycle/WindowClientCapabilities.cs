namespace GptOss.CodeAssist.Protocol;

/// <summary>What the editor's window can do.</summary>
public sealed record WindowClientCapabilities
{
    /// <summary>Whether the server may start progress of its own.</summary>
    public bool? WorkDoneProgress { get; init; }
    public ShowDocumentClientCapabilities? ShowDocument { get; init; }
    public ShowMessageRequestClientCapabilities? ShowMessage { get; init; }
}
