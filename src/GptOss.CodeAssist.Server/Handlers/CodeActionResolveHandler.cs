using GptOss.CodeAssist.Assistant.CodeActions;
using GptOss.CodeAssist.Protocol;
using GptOss.CodeAssist.Rpc;

namespace GptOss.CodeAssist.Server.Handlers;

/// <summary><c>codeAction/resolve</c>: the model is asked, and its edit compiled, when a person chose the action.</summary>
internal sealed class CodeActionResolveHandler(ActionRunner? runner, AnswerDocuments answers, RefusedChanges refusals, PersonQuestions person)
{
    public async Task<CodeAction> HandleAsync(Snapshot snapshot, CodeAction action, CancellationToken cancellationToken)
    {
        if (runner is null || action.Data is not { Action: { } name } arguments || CodeActionKinds.Find(name) is not { } kind)
        {
            return action;
        }

        var (result, document) = await runner.RunAsync(snapshot, arguments, kind, token: null, cancellationToken);
        switch (result)
        {
            case CodeActionResult.Edited edited when ActionConversions.FindEdit(snapshot, document, edited) is { } edit:
                if (ActionConversions.FindDoubt(edited) is { } doubt)
                {
                    await person.TellAsync(MessageType.Info, doubt);
                }

                return action with { Edit = edit };
            case CodeActionResult.Edited edited:
                var path = await answers.WriteAsync($"```csharp\n{edited.Files[0].NewText}```\n", cancellationToken);
                throw new RequestFailedException(RequestErrorCode.RequestFailed, $"The editor cannot create files; the new file's text can be read in {path}");
            case CodeActionResult.Explained explained:
                await answers.ShowAsync(snapshot.Client, explained.Markdown, cancellationToken);
                return action;
            case CodeActionResult.Refused refused:
                var told = await refusals.OfferAsync(snapshot.Client, refused, cancellationToken);
                if (told is not null && !snapshot.Client.ShowsErrors)
                {
                    await person.TellAsync(MessageType.Warning, told);
                }

                throw new RequestFailedException(RequestErrorCode.RequestFailed, told ?? refused.Reason.Message);
            default:
                throw new InvalidOperationException($"An action's result that nobody told this class about: {result}");
        }
    }
}
