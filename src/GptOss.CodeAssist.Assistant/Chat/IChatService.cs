namespace GptOss.CodeAssist.Assistant.Chat;

/// <summary>Conversations about code.</summary>
/// <remarks>May be called from any thread. Questions to one conversation wait for each other.</remarks>
public interface IChatService
{
    /// <summary>Answers one message. A failure is an answer with a reason, never an exception.</summary>
    /// <param name="onEvent">Told what happens as it happens, one at a time; must return at once.</param>
    /// <exception cref="OperationCanceledException">Cancelled: the conversation is as it was before.</exception>
    Task<ChatAnswer> AskAsync(ChatRequest request, Action<ChatEvent> onEvent, CancellationToken cancellationToken);

    /// <summary>Forgets a conversation.</summary>
    void Reset(string conversationId);
}
