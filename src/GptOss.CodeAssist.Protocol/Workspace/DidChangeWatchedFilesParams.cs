namespace GptOss.CodeAssist.Protocol;

/// <summary>Files were made, changed or deleted on disk.</summary>
public sealed record DidChangeWatchedFilesParams
{
    public required IReadOnlyList<FileEvent> Changes { get; init; }
}
