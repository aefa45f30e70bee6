namespace GptOss.CodeAssist.Cli;

/// <summary>A language server that was started, seen from its client.</summary>
/// <param name="ToServer">The server's stdin.</param>
/// <param name="FromServer">The server's stdout.</param>
/// <param name="Exit">Completes with the server's exit code.</param>
internal sealed record ServerStreams(Stream ToServer, Stream FromServer, Task<int> Exit);
