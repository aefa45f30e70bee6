using System.Text.Json;
using GptOss.CodeAssist.Assistant.CodeActions;
using GptOss.CodeAssist.Protocol;

namespace GptOss.CodeAssist.Server.Handlers;

/// <summary><c>textDocument/codeAction</c>: what can be done here, listed without asking the model.</summary>
internal sealed class CodeActionHandler(ICodeActionService? actions)
{
    public async Task<IReadOnlyList<CodeAction>> HandleAsync(Snapshot snapshot, CodeActionParams parameters, CancellationToken cancellationToken)
    {
        if (actions is null || snapshot.FindDocument(parameters.TextDocument.Uri) is not { } document)
        {
            return [];
        }

        var problems = ActionConversions.FromProtocol(document, parameters.Context.Diagnostics);
        var place = new CodeActionPlace(document.Document, ProtocolConversions.GetSpan(document, parameters.Range)) { Problems = problems, IsInvoked = parameters.Context.TriggerKind != CodeActionContext.Automatic };
        var offers = await actions.ListAsync(place, cancellationToken);
        var disabled = snapshot.Client.ShowsDisabledActions && actions.Unavailable is { } reason ? new CodeActionDisabled { Reason = reason.Message } : null;
        return [.. offers.Select(offer => ToProtocol(snapshot, document, parameters, offer) with { Disabled = disabled }).Where(action => ActionConversions.IsWanted(action.Kind!, parameters.Context.Only))];
    }

    private static CodeAction ToProtocol(Snapshot snapshot, OpenDocument document, CodeActionParams parameters, CodeActionOffer offer)
    {
        var problem = offer.Problem is null ? null : ActionConversions.ToProtocol(document, offer.Problem);
        var arguments = new GptOssCommandArguments
        {
            Action = CodeActionKinds.NameOf(offer.Kind),
            TextDocument = parameters.TextDocument,
            Range = parameters.Range,
            Version = document.Document.Version,
            Problem = problem,
        };
        var resolves = snapshot.Client.ResolvesActions && offer.Kind != CodeActionKind.Explain;
        return new CodeAction
        {
            Title = offer.Title,
            Kind = ActionConversions.KindOf(offer.Kind),
            Diagnostics = problem is null ? null : [problem],
            Data = resolves ? arguments : null,
            Command = resolves ? null : new Command
            {
                Title = offer.Title,
                Name = ActionConversions.ActionCommand,
                Arguments = [JsonSerializer.SerializeToElement(arguments, ProtocolJson.Default.GptOssCommandArguments)],
            },
        };
    }
}
