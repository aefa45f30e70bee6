using GptOss.CodeAssist.Protocol;

namespace GptOss.CodeAssist.Server.Handlers;

/// <summary><c>textDocument/didSave</c>: nothing to do, because the open text is already known.</summary>
internal static class DidSaveHandler
{
    public static Task<NoResult> HandleAsync(Snapshot snapshot, DidSaveTextDocumentParams parameters, CancellationToken cancellationToken) => Task.FromResult(NoResult.Instance);
}
