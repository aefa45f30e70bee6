namespace GptOss.CodeAssist.Protocol;

/// <summary>Which files the editor is to watch.</summary>
public sealed record DidChangeWatchedFilesRegistrationOptions
{
    public required IReadOnlyList<FileSystemWatcher> Watchers { get; init; }
}
