using GptOss.CodeAssist.Assistant.CodeActions;
using GptOss.CodeAssist.Protocol;
using GptOss.CodeAssist.Rpc;

namespace GptOss.CodeAssist.Server;

/// <summary>Computes one code action with progress in the editor; what resolving an action and running its command share.</summary>
internal sealed class ActionRunner(ICodeActionService actions, EmptyAnswerLog emptyAnswers, RpcConnection connection, RunningWorks works)
{
    /// <summary>What came of it, and the document it is about.</summary>
    /// <exception cref="RequestFailedException">The arguments make no sense, the document has changed, or the person cancelled.</exception>
    public async Task<(CodeActionResult Result, OpenDocument Document)> RunAsync(
        Snapshot snapshot, GptOssCommandArguments arguments, CodeActionKind kind, ProgressToken? token, CancellationToken cancellationToken)
    {
        var document = FindDocument(snapshot, arguments) ?? throw new RequestFailedException(RequestErrorCode.InvalidParams, "Which document? Name one that is open in textDocument.");
        if (arguments.Version is { } version && version != document.Document.Version)
        {
            throw new RequestFailedException(RequestErrorCode.ContentModified, "The document has changed since the action was offered.");
        }

        var request = new CodeActionRequest(document.Document, arguments.Range is { } range ? ProtocolConversions.GetSpan(document, range) : default, kind)
        {
            Problem = arguments.Problem is { } problem ? ActionConversions.FromProtocol(document, problem) : null,
            Instruction = arguments.Message,
            Effort = EffortNames.Read(arguments.Effort),
            OpenDocuments = [.. snapshot.Documents.Values.Where(other => other != document).Select(other => other.Document)],
        };
        await using var progress = await WorkProgress.BeginAsync(connection, works, snapshot.Client, token, $"gpt-oss: {CodeActionKinds.NameOf(kind)}", cancellationToken);
        try
        {
            var result = await actions.ComputeAsync(request, message => progress.Report(message), progress.Token);
            if (result is CodeActionResult.Refused { Reason: var reason })
            {
                emptyAnswers.Record($"code action {CodeActionKinds.NameOf(kind)}", reason);
            }

            return (result, document);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new RequestFailedException(RequestErrorCode.RequestCancelled, "Cancelled.");
        }
    }

    /// <summary>The document that arguments name, or the only one open.</summary>
    public static OpenDocument? FindDocument(Snapshot snapshot, GptOssCommandArguments arguments) => arguments.TextDocument is { } named
        ? snapshot.FindDocument(named.Uri)
        : snapshot.Documents.Count == 1 ? snapshot.Documents.Values.Single() : null;
}
