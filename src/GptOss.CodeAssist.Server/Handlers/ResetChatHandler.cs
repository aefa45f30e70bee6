using GptOss.CodeAssist.Assistant.Chat;
using GptOss.CodeAssist.Protocol;

namespace GptOss.CodeAssist.Server.Handlers;

/// <summary><c>gptOss/resetChat</c>: a conversation is forgotten.</summary>
internal sealed class ResetChatHandler(IChatService? chat)
{
    public Task<NoResult> HandleAsync(Snapshot snapshot, GptOssResetChatParams parameters, CancellationToken cancellationToken)
    {
        chat?.Reset(parameters.ConversationId);
        return Task.FromResult(NoResult.Instance);
    }
}
