using GptOss.CodeAssist.Assistant.Chat;
using GptOss.CodeAssist.Protocol;
using GptOss.CodeAssist.Rpc;

namespace GptOss.CodeAssist.Server.Handlers;

/// <summary><c>gptOss/chat</c>: one message of a conversation; the answer streams as partial results.</summary>
internal sealed class ChatHandler(IChatService? chat, EmptyAnswerLog emptyAnswers, RpcConnection connection, RunningWorks works)
{
    public async Task<GptOssChatResult> HandleAsync(Snapshot snapshot, GptOssChatParams parameters, CancellationToken cancellationToken)
    {
        var document = parameters.TextDocument is { } named ? snapshot.FindDocument(named.Uri) : null;
        var request = new ChatRequest
        {
            Message = parameters.Message,
            ConversationId = parameters.ConversationId,
            Effort = EffortNames.Read(parameters.Effort),
            Document = document?.Document,
            Selection = document is not null && parameters.Range is { } range ? ProtocolConversions.GetSpan(document, range) : default,
            OpenDocuments = [.. snapshot.Documents.Values.Select(open => open.Document)],
            UseTools = parameters.UseTools ?? true,
        };
        var answer = await AskAsync(snapshot, request, parameters.PartialResultToken, parameters.WorkDoneToken, cancellationToken);
        return new GptOssChatResult
        {
            Text = answer.Text,
            Reasoning = answer.Reasoning.Length > 0 ? answer.Reasoning : null,
            Reason = ProtocolConversions.ToProtocol(answer.Reason),
            ToolCalls = answer.ToolCalls,
            DroppedTurns = answer.DroppedTurns,
        };
    }

    /// <summary>Asks with progress, and with partial results where a token says where they go; all of them are sent before this returns.</summary>
    public async Task<ChatAnswer> AskAsync(Snapshot snapshot, ChatRequest request, ProgressToken? partialResults, ProgressToken? workDone, CancellationToken cancellationToken)
    {
        var service = chat ?? throw new RequestFailedException(RequestErrorCode.MethodNotFound, "This server was started without chat.");
        await using var progress = await WorkProgress.BeginAsync(connection, works, snapshot.Client, workDone, "gpt-oss: chat", cancellationToken);
        await using var partials = new OrderedNotifications<GptOssChatPartial>(partial => partialResults is null
            ? Task.CompletedTask
            : connection.NotifyAsync("$/progress", new ChatProgressParams { Token = partialResults, Value = partial }, ProtocolJson.Default.ChatProgressParams));
        try
        {
            var answer = await service.AskAsync(request, Tell, progress.Token);
            if (answer.Reason is { } reason)
            {
                emptyAnswers.Record("gptOss/chat", reason);
            }

            return answer;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new RequestFailedException(RequestErrorCode.RequestCancelled, "Cancelled.");
        }

        void Tell(ChatEvent happened)
        {
            var partial = ToProtocol(happened);
            partials.Send(partial);
            if (partial.Kind is "toolCall" or "notice")
            {
                progress.Report(partial.Text);
            }
        }
    }

    private static GptOssChatPartial ToProtocol(ChatEvent happened) => happened switch
    {
        ChatEvent.Answer answer => new GptOssChatPartial { Kind = "answer", Text = answer.Text },
        ChatEvent.Reasoning reasoning => new GptOssChatPartial { Kind = "reasoning", Text = reasoning.Text },
        ChatEvent.ToolCalled call => new GptOssChatPartial { Kind = "toolCall", Text = call.Call },
        ChatEvent.ToolAnswered result => new GptOssChatPartial { Kind = "toolResult", Text = result.Output },
        ChatEvent.Notice notice => new GptOssChatPartial { Kind = "notice", Text = notice.Message },
        _ => throw new ArgumentOutOfRangeException(nameof(happened), happened, "A chat event that nobody told this class about."),
    };
}
