namespace GptOss.CodeAssist.Assistant.Chat;

/// <summary>Conversations by their id, the least recently used forgotten first.</summary>
internal sealed class ConversationStore(int capacity)
{
    private readonly Lock _lock = new();
    private readonly LinkedList<(string Id, Conversation Conversation)> _recent = new();

    public Conversation Take(string id)
    {
        lock (_lock)
        {
            var node = Find(id);
            if (node is null)
            {
                node = new LinkedListNode<(string, Conversation)>((id, new Conversation()));
            }
            else
            {
                _recent.Remove(node);
            }

            _recent.AddFirst(node);
            if (_recent.Count > capacity)
            {
                _recent.RemoveLast();
            }

            return node.Value.Conversation;
        }
    }

    public void Remove(string id)
    {
        lock (_lock)
        {
            if (Find(id) is { } node)
            {
                _recent.Remove(node);
            }
        }
    }

    private LinkedListNode<(string Id, Conversation Conversation)>? Find(string id)
    {
        var node = _recent.First;
        while (node is not null && node.Value.Id != id)
        {
            node = node.Next;
        }

        return node;
    }
}
