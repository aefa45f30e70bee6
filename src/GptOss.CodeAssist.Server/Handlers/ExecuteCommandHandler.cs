using System.Text.Json;
using GptOss.CodeAssist.Assistant;
using GptOss.CodeAssist.Assistant.Chat;
using GptOss.CodeAssist.Assistant.CodeActions;
using GptOss.CodeAssist.Assistant.Completion;
using GptOss.CodeAssist.CSharpContext.Edits;
using GptOss.CodeAssist.Protocol;
using GptOss.CodeAssist.Rpc;

namespace GptOss.CodeAssist.Server.Handlers;

/// <summary><c>workspace/executeCommand</c>: an accepted completion, and chat and code actions for editors that have no surface of their own for them.</summary>
internal sealed class ExecuteCommandHandler(ICompletionFeedback? feedback, ChatHandler chat, ActionRunner? runner, AnswerDocuments answers, RefusedChanges refusals, PersonQuestions person, EmptyAnswerLog emptyAnswers, ModelFetchRunner? models, RpcConnection connection, TimeProvider time)
{
    private const string ChatCommand = "gptOss.chat";
    private const string PullCommand = "gptOss.pullModel";

    /// <summary>How long somebody who types on is given before a using directive is sent once more; short, because it is for the text of the first time.</summary>
    private static readonly TimeSpan[] Pauses = [.. new[] { 25, 50, 100, 200 }.Select(milliseconds => TimeSpan.FromMilliseconds(milliseconds))];

    private static readonly JsonElement Null = JsonSerializer.SerializeToElement(null, ProtocolJson.Default.NoResult);

    private static readonly Dictionary<string, CodeActionKind> Actions = new()
    {
        ["gptOss.explain"] = CodeActionKind.Explain,
        ["gptOss.fix"] = CodeActionKind.Fix,
        ["gptOss.tests"] = CodeActionKind.Tests,
        ["gptOss.doc"] = CodeActionKind.Document,
        ["gptOss.edit"] = CodeActionKind.Edit,
    };

    /// <summary>The names of the commands that a server with these services has.</summary>
    public static IReadOnlyList<string> CommandsOf(LanguageServerServices services) =>
    [
        ProtocolConversions.DidAcceptCommand,
        .. services.Chat is null ? [] : new[] { ChatCommand },
        .. services.FetchModel is null ? [] : new[] { PullCommand },
        .. services.Actions is null ? [] : Actions.Keys.Append(ActionConversions.ActionCommand),
    ];

    /// <summary>Hears of an accepted completion in the order of messages, because an answer is seen before it is taken.</summary>
    public void Admit(ExecuteCommandParams parameters)
    {
        if (parameters.Command == ProtocolConversions.DidAcceptCommand)
        {
            var command = new Command { Title = "", Name = parameters.Command, Arguments = parameters.Arguments };
            feedback?.Accepted(ProtocolConversions.FindCandidateId(command)
                ?? throw new RequestFailedException(RequestErrorCode.InvalidParams, $"{ProtocolConversions.DidAcceptCommand} takes a string first, a completion's id."));
        }
    }

    public async Task<JsonElement> HandleAsync(Snapshot snapshot, ExecuteCommandParams parameters, CancellationToken cancellationToken)
    {
        if (parameters.Command == ProtocolConversions.DidAcceptCommand)
        {
            await ImportAsync(snapshot, parameters, cancellationToken);
            return Null;
        }

        var arguments = ReadArguments(parameters);
        var result = parameters.Command switch
        {
            ChatCommand => await ChatAsync(snapshot, arguments, parameters.WorkDoneToken, cancellationToken),
            PullCommand when models is not null => await models.RunAsync(snapshot, arguments.Message ?? throw new RequestFailedException(RequestErrorCode.InvalidParams, "Which model? Name it, for instance gpt-oss-20b."), parameters.WorkDoneToken, cancellationToken),
            ActionConversions.ActionCommand when CodeActionKinds.Find(arguments.Action ?? "") is { } kind => await ActAsync(snapshot, arguments, kind, parameters.WorkDoneToken, cancellationToken),
            ActionConversions.ActionCommand => throw new RequestFailedException(RequestErrorCode.InvalidParams, $"There is no action \"{arguments.Action}\"."),
            var name when Actions.TryGetValue(name, out var kind) => await ActAsync(snapshot, arguments, kind, parameters.WorkDoneToken, cancellationToken),
            var name => throw new RequestFailedException(RequestErrorCode.InvalidParams, $"There is no command {name}."),
        };
        return JsonSerializer.SerializeToElement(result, ProtocolJson.Default.GptOssCommandResult);
    }

    /// <summary>Adds what a text that was just taken has to have imported. Where the editor cannot, its own quick fix does, since the name stands there now.</summary>
    private async Task ImportAsync(Snapshot snapshot, ExecuteCommandParams accepted, CancellationToken cancellationToken)
    {
        if (!snapshot.Client.AppliesEdits
            || ProtocolConversions.FindUsings(accepted) is not { } usings
            || snapshot.FindDocument(usings.TextDocument.Uri) is not { } document
            || UsingDirectives.FindMissing(document.Document.Text, usings.Namespaces, cancellationToken) is not [_, ..] changes)
        {
            return;
        }

        // For no version of the document: a person types on meanwhile, and what they type moves no line above.
        var edit = new WorkspaceEdit { Changes = new Dictionary<string, IReadOnlyList<TextEdit>> { [document.Uri] = ProtocolConversions.ToProtocol(document, changes) } };
        // VS Code refuses it all the same where a key comes between the edit's arrival and its turn.
        foreach (var pause in Pauses.Prepend(TimeSpan.Zero))
        {
            await Task.Delay(pause, time, cancellationToken);
            if (await ApplyAsync(edit, cancellationToken) is not { Applied: false })
            {
                return;
            }
        }

        emptyAnswers.Record("workspace/applyEdit", EmptyReasons.EditNotApplied(null));
    }

    /// <remarks>The label is short, because Neovim prints it, and what does not fit into its message line waits for a key in the middle of somebody's typing.</remarks>
    private Task<ApplyWorkspaceEditResult?> ApplyAsync(WorkspaceEdit edit, CancellationToken cancellationToken) => connection.FindReplyAsync(
        "workspace/applyEdit", new ApplyWorkspaceEditParams { Label = "gpt-oss", Edit = edit }, ProtocolJson.Default.ApplyWorkspaceEditParams, ProtocolJson.Default.ApplyWorkspaceEditResult, cancellationToken);

    private async Task<GptOssCommandResult> ChatAsync(Snapshot snapshot, GptOssCommandArguments arguments, ProgressToken? workDone, CancellationToken cancellationToken)
    {
        var document = ActionRunner.FindDocument(snapshot, arguments);
        var answer = await chat.AskAsync(
            snapshot,
            new ChatRequest
            {
                Message = arguments.Message ?? throw new RequestFailedException(RequestErrorCode.InvalidParams, "The question is missing: put it into message."),
                ConversationId = arguments.ConversationId,
                Effort = EffortNames.Read(arguments.Effort),
                Document = document?.Document,
                Selection = document is not null && arguments.Range is { } range ? ProtocolConversions.GetSpan(document, range) : default,
                OpenDocuments = [.. snapshot.Documents.Values.Select(open => open.Document)],
            },
            partialResults: null,
            workDone,
            cancellationToken);
        return answer.Reason is { } reason ? await RefuseAsync(reason, reason.Message, null) : await ShowAsync(snapshot, answer.Text, cancellationToken);
    }

    private async Task<GptOssCommandResult> ActAsync(Snapshot snapshot, GptOssCommandArguments arguments, CodeActionKind kind, ProgressToken? workDone, CancellationToken cancellationToken)
    {
        var actions = runner ?? throw new RequestFailedException(RequestErrorCode.MethodNotFound, "This server was started without code actions.");
        var (result, document) = await actions.RunAsync(snapshot, arguments, kind, workDone, cancellationToken);
        switch (result)
        {
            case CodeActionResult.Explained explained:
                return await ShowAsync(snapshot, explained.Markdown, cancellationToken);
            case CodeActionResult.Refused refused:
                var told = await refusals.OfferAsync(snapshot.Client, refused, cancellationToken);
                return await RefuseAsync(refused.Reason, told, refused.Attempt.IsEmpty ? null : RefusedChanges.Describe(refused));
            case CodeActionResult.Edited edited:
                return await ApplyAsync(snapshot, document, edited, cancellationToken);
            default:
                throw new InvalidOperationException($"An action's result that nobody told this class about: {result}");
        }
    }

    private async Task<GptOssCommandResult> ApplyAsync(Snapshot snapshot, OpenDocument document, CodeActionResult.Edited edited, CancellationToken cancellationToken)
    {
        if (!snapshot.Client.AppliesEdits || ActionConversions.FindEdit(snapshot, document, edited) is not { } edit)
        {
            return await ShowAsync(snapshot, string.Concat(edited.Files.Select(file => $"```diff\n{UnifiedDiff.Of(file)}```\n")), cancellationToken);
        }

        var reply = await ApplyAsync(edit, cancellationToken);
        if (reply is { Applied: true })
        {
            if (ActionConversions.FindDoubt(edited) is { } doubt)
            {
                await person.TellAsync(MessageType.Info, doubt);
            }

            return new GptOssCommandResult { Applied = true };
        }

        var reason = EmptyReasons.EditNotApplied(reply?.FailureReason);
        emptyAnswers.Record("workspace/applyEdit", reason);
        return new GptOssCommandResult { Applied = false, Reason = ProtocolConversions.ToProtocol(reason) };
    }

    private async Task<GptOssCommandResult> ShowAsync(Snapshot snapshot, string markdown, CancellationToken cancellationToken)
    {
        await answers.ShowAsync(snapshot.Client, markdown, cancellationToken);
        return new GptOssCommandResult { Markdown = markdown };
    }

    /// <summary>Tells the person too, because most editors throw a command's result away.</summary>
    /// <param name="told">For the person; null where that has been done.</param>
    private async Task<GptOssCommandResult> RefuseAsync(EmptyReason reason, string? told, string? markdown)
    {
        if (told is not null)
        {
            await person.TellAsync(MessageType.Warning, told);
        }

        return new GptOssCommandResult { Markdown = markdown, Reason = ProtocolConversions.ToProtocol(reason) };
    }

    /// <summary>One object; for <c>gptOss.chat</c> and <c>gptOss.pullModel</c> also just the message.</summary>
    private static GptOssCommandArguments ReadArguments(ExecuteCommandParams parameters)
    {
        try
        {
            return parameters.Arguments switch
            {
                null or [] => new GptOssCommandArguments(),
                [{ ValueKind: JsonValueKind.String } message] => new GptOssCommandArguments { Message = message.GetString() },
                [var first, ..] => first.Deserialize(ProtocolJson.Default.GptOssCommandArguments) ?? new GptOssCommandArguments(),
            };
        }
        catch (JsonException problem)
        {
            throw new RequestFailedException(RequestErrorCode.InvalidParams, $"The command's arguments cannot be read: {problem.Message}");
        }
    }
}
