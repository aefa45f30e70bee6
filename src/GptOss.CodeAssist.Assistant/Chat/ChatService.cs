using System.Collections.Immutable;
using GptOss.CodeAssist.Assistant.Prompts;
using GptOss.CodeAssist.Assistant.Turns;
using GptOss.CodeAssist.CSharpContext;
using GptOss.CodeAssist.CSharpContext.Queries;
using GptOss.CodeAssist.Harmony;
using GptOss.CodeAssist.Inference;
using Microsoft.Extensions.Logging;

namespace GptOss.CodeAssist.Assistant.Chat;

/// <summary>Conversations with a local model that may look into the open solution.</summary>
/// <param name="findSource">The workspace that a file belongs to, or with null the one that is open; null where there is none.</param>
public sealed class ChatService(IInferenceEngine engine, Func<string?, ISolutionSource?> findSource, PromptLibrary prompts, ChatOptions options, ILogger logger) : IChatService
{
    private readonly ConversationStore _conversations = new(options.MaxConversations);
    private readonly TurnRunner _runner = new(engine, logger);

    public async Task<ChatAnswer> AskAsync(ChatRequest request, Action<ChatEvent> onEvent, CancellationToken cancellationToken)
    {
        if (await ChatModelCheck.FindRefusalAsync(engine, reason => onEvent(new ChatEvent.Notice(reason.Message)), cancellationToken) is { } refusal)
        {
            return new ChatAnswer("", refusal);
        }

        var conversation = request.ConversationId is { } id ? _conversations.Take(id) : new Conversation();
        await conversation.Gate.WaitAsync(cancellationToken);
        try
        {
            return await AnswerAsync(request, conversation, onEvent, cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            throw;
        }
        catch (InferenceException failure)
        {
            logger.LogWarning("Chat failed: {Error}: {Message}", failure.Error, failure.Message);
            return new ChatAnswer("", ChatModelCheck.ReasonOf(failure));
        }
#pragma warning disable CA1031 // A conversation must survive whatever one question breaks; the person is told.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            logger.LogError(failure, "Chat failed");
            return new ChatAnswer("", EmptyReasons.EngineFailed($"Chat failed: {failure.Message}"));
        }
        finally
        {
            conversation.Gate.Release();
        }
    }

    public void Reset(string conversationId) => _conversations.Remove(conversationId);

    private async Task<ChatAnswer> AnswerAsync(ChatRequest request, Conversation conversation, Action<ChatEvent> onEvent, CancellationToken cancellationToken)
    {
        var model = await engine.WaitForModelAsync(cancellationToken);
        var openDocuments = request.Document is { } shown ? request.OpenDocuments.Add(shown) : request.OpenDocuments;
        var source = findSource((request.Document ?? openDocuments.FirstOrDefault())?.Path);
        var solution = source is null ? null : await source.PrepareAsync(cancellationToken);
        var queries = solution is null ? null : new CodeQueries(solution.WithOpenTexts(openDocuments), source!.Roots, openDocuments.DistinctBy(open => open.Path).ToDictionary(open => open.Path, open => open.Text));
        ImmutableArray<ChatTool> tools = queries is not null && request.UseTools ? CodeTools.For(queries) : [];
        var local = prompts.For(source?.Roots ?? []);
        var instructions = local.Get(PromptNames.Chat);
        var maxTokens = Math.Min(instructions.MaxTokens, model.ContextLength / 2);
        var references = await new References(engine, queries, onEvent).ResolveAsync(request, Math.Min(options.MaxReferenceTokens, model.ContextLength / 3), cancellationToken);
        var question = local.Get(PromptNames.ChatQuestion).Render(new Dictionary<string, string?> { ["references"] = references, ["message"] = request.Message });
        var loop = new ToolLoop(engine, _runner, tools, options, onEvent)
        {
            Head = WriteHead(instructions, tools, request.Effort.ToHarmony() ?? instructions.Effort),
            Turn = [HarmonyMessage.User(question)],
            Template = new GenerationRequest
            {
                Prompt = [],
                Functions = [.. tools.Select(tool => new OfferedFunction(tool.Definition.Name, tool.Definition.Description, tool.Definition.Parameters?.GetRawText()))],
                MaxTokens = maxTokens,
                Sampling = new SamplingOptions { Temperature = instructions.Temperature },
                StopTokens = HarmonyStops.Turn,
                StopStrings = instructions.Stops,
                Priority = RequestPriority.Chat,
                CacheKey = $"chat/{request.ConversationId}",
            },
            MaxPromptTokens = model.ContextLength - maxTokens - 64,
            MaxToolOutputTokens = Math.Min(options.MaxToolOutputTokens, model.ContextLength / 16),
        };

        var answer = await loop.RunAsync(conversation.Turns, cancellationToken);
        if (answer.Reason is null)
        {
            var finished = loop.Turn.RemoveAll(message => message.Header.Channel == HarmonyChannels.Analysis);
            conversation.Turns = loop.Kept.Add(new Conversation.FinishedTurn(finished, await TokenBudget.CountAsync(engine, finished, cancellationToken)));
        }

        return answer;
    }

    private static ImmutableArray<HarmonyMessage> WriteHead(PromptTemplate instructions, ImmutableArray<ChatTool> tools, ReasoningEffort effort) =>
    [
        HarmonyMessage.System(new HarmonyContent.System { Effort = effort }),
        HarmonyMessage.Developer(new HarmonyContent.Developer
        {
            Instructions = instructions.Render(new Dictionary<string, string?> { ["has_tools"] = tools.IsEmpty ? null : "yes" }),
            Tools = tools.IsEmpty ? [] : [new ToolNamespace(ToolNamespace.Functions, null, [.. tools.Select(tool => tool.Definition)])],
        }),
    ];
}
