namespace GptOss.CodeAssist.Protocol;

/// <summary>The one argument of every <c>gptOss.*</c> command, and a code action's <c>data</c>.</summary>
public sealed record GptOssCommandArguments
{
    /// <summary>The kind of action for <c>gptOss.action</c>, for instance <c>loop-to-linq</c>.</summary>
    public string? Action { get; init; }

    /// <summary>May be left out where one document is open.</summary>
    public TextDocumentIdentifier? TextDocument { get; init; }

    /// <summary>The caret or the selection.</summary>
    public TextRange? Range { get; init; }

    /// <summary>The document's version when the action was offered; an action for another version is refused.</summary>
    public int? Version { get; init; }

    /// <summary>The problem to fix; absent takes the first one in the range.</summary>
    public Diagnostic? Problem { get; init; }

    /// <summary>The question of <c>gptOss.chat</c>, the instruction of <c>gptOss.edit</c>.</summary>
    public string? Message { get; init; }

    public string? ConversationId { get; init; }

    /// <summary><c>low</c>, <c>medium</c> or <c>high</c>.</summary>
    public string? Effort { get; init; }
}
