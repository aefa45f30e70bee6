using GptOss.CodeAssist.Assistant;
using GptOss.CodeAssist.Assistant.Completion;
using GptOss.CodeAssist.Protocol;
using GptOss.CodeAssist.Rpc;
using Microsoft.Extensions.Logging;

namespace GptOss.CodeAssist.Server.Handlers;

/// <summary><c>textDocument/inlineCompletion</c>: what may be shown at a caret; an empty list for nothing, and the reason remembered for the status.</summary>
internal sealed class InlineCompletionHandler(ICompletionService completion, EmptyAnswerLog emptyAnswers, ILogger logger, TimeProvider time)
{
    public const string Method = "textDocument/inlineCompletion";

    private static readonly InlineCompletionList Nothing = new() { Items = [] };

    /// <summary>An editor shows one answer a document, and not every editor cancels what it no longer wants (Neovim 0.12 does not).</summary>
    public Supersede<InlineCompletionList> SupersedePrevious(InlineCompletionParams parameters) => new(parameters.TextDocument.Uri, Nothing) { Happened = () => emptyAnswers.Record(Method, EmptyReasons.Superseded) };

    public async Task<InlineCompletionList> HandleAsync(Snapshot snapshot, InlineCompletionParams parameters, CancellationToken cancellationToken)
    {
        if (snapshot.FindDocument(parameters.TextDocument.Uri) is not { } document)
        {
            return Empty(EmptyReasons.UnknownDocument);
        }

        if (ProtocolConversions.FindRequest(document, parameters) is not { } request)
        {
            return Empty(EmptyReasons.StalePosition);
        }

        var answer = await AskAsync(request with { SinceChange = time.GetElapsedTime(document.ChangedAt) }, cancellationToken);
        var wanted = request.Trigger == CompletionTrigger.Automatic ? answer.Candidates.Take(1) : answer.Candidates;
        InlineCompletionItem[] items = [.. wanted.Select(candidate => ProtocolConversions.FindItem(document, candidate)).OfType<InlineCompletionItem>()];
        return items is [] ? Empty(answer.Reason ?? EmptyReasons.NothingGenerated) : new InlineCompletionList { Items = items };
    }

    private async Task<CompletionAnswer> AskAsync(CompletionRequest request, CancellationToken cancellationToken)
    {
        try
        {
            return await completion.CompleteAsync(request, cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            throw;
        }
#pragma warning disable CA1031 // An error reply pops up or leaves old ghost text in some editors; a defect of ours is told by the log and the status.
        catch (Exception defect)
#pragma warning restore CA1031
        {
            logger.LogError(defect, "Completion threw, which it must not.");
            return CompletionAnswer.Empty(EmptyReasons.EngineFailed($"Completion failed: {defect.Message}"));
        }
    }

    private InlineCompletionList Empty(EmptyReason reason)
    {
        emptyAnswers.Record(Method, reason);
        return Nothing;
    }
}
