namespace GptOss.CodeAssist.Protocol;

/// <summary>One method that the server wants to hear of. Only <c>workspace/didChangeWatchedFiles</c> is registered, so its options are the only ones.</summary>
public sealed record Registration
{
    public required string Id { get; init; }
    public required string Method { get; init; }
    public DidChangeWatchedFilesRegistrationOptions? RegisterOptions { get; init; }
}
