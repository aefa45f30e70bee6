using GptOss.CodeAssist.Assistant;
using GptOss.CodeAssist.Assistant.Completion;
using GptOss.CodeAssist.CSharpContext.Edits;
using GptOss.CodeAssist.Protocol;
using GptOss.CodeAssist.Rpc;

namespace GptOss.CodeAssist.Server.Handlers;

/// <summary><c>textDocument/completion</c>: the ghost text as entries of the pop-up, for editors without inline completion, and only for a person who asks.</summary>
/// <remarks>The protocol has one word for asking and for typing in a word; who typed a moment ago did not ask, and gets nothing at once, so that the pop-up of others is never late.</remarks>
internal sealed class CompletionHandler(ICompletionService completion, EmptyAnswerLog emptyAnswers, TimeProvider time)
{
    public const string Method = "textDocument/completion";

    /// <summary>Editors that complete while a person types ask sooner after a change.</summary>
    private static readonly TimeSpan TypingTime = TimeSpan.FromMilliseconds(350);

    private const int Invoked = 1;

    private static readonly CompletionList Nothing = new() { IsIncomplete = false, Items = [] };

    /// <summary>What is asked again while nothing was found yet is answered once.</summary>
    public Supersede<CompletionList> SupersedePrevious(CompletionParams parameters) => new(parameters.TextDocument.Uri, Nothing) { Happened = () => emptyAnswers.Record(Method, EmptyReasons.Superseded) };

    public async Task<CompletionList> HandleAsync(Snapshot snapshot, CompletionParams parameters, CancellationToken cancellationToken)
    {
        var document = snapshot.FindDocument(parameters.TextDocument.Uri);
        if (document is null)
        {
            return Empty(EmptyReasons.UnknownDocument);
        }

        if ((parameters.Context?.TriggerKind ?? Invoked) != Invoked || time.GetElapsedTime(document.ChangedAt) < TypingTime)
        {
            return Empty(EmptyReasons.NotAsked);
        }

        var asked = new InlineCompletionParams
        {
            TextDocument = parameters.TextDocument,
            Position = parameters.Position,
            Context = new InlineCompletionContext { TriggerKind = InlineCompletionTriggerKind.Invoked },
        };
        if (ProtocolConversions.FindRequest(document, asked) is not { } request)
        {
            return Empty(EmptyReasons.StalePosition);
        }

        var answer = await completion.CompleteAsync(request, cancellationToken);
        CompletionItem[] items = [.. answer.Candidates.Select((candidate, rank) => ProtocolConversions.FindEntry(document, candidate, request.Offset, rank, answer.Model, UsingDirectives.FindMissing(document.Document.Text, candidate.Usings, cancellationToken))).OfType<CompletionItem>()];
        return items is [] ? Empty(answer.Reason ?? EmptyReasons.NothingGenerated) : new CompletionList { IsIncomplete = false, Items = items };
    }

    private CompletionList Empty(EmptyReason reason)
    {
        emptyAnswers.Record(Method, reason);
        return Nothing;
    }
}
