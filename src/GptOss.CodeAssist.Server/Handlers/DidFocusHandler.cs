using GptOss.CodeAssist.Protocol;

namespace GptOss.CodeAssist.Server.Handlers;

/// <summary><c>textDocument/didFocus</c>: accepted because inline-completion clients send it; nothing depends on it yet.</summary>
internal static class DidFocusHandler
{
    public static Task<NoResult> HandleAsync(Snapshot snapshot, DidFocusParams parameters, CancellationToken cancellationToken) => Task.FromResult(NoResult.Instance);
}
