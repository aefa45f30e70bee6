namespace GptOss.CodeAssist.Protocol;

/// <summary>One message of a person's to the model.</summary>
public sealed record GptOssChatParams
{
    /// <summary>May hold <c>#file:path</c>, <c>#symbol:Name</c>, <c>#selection</c> and <c>#diagnostics</c>.</summary>
    public required string Message { get; init; }

    /// <summary>Absent begins a conversation that is forgotten afterwards.</summary>
    public string? ConversationId { get; init; }

    /// <summary><c>low</c>, <c>medium</c> or <c>high</c>.</summary>
    public string? Effort { get; init; }

    /// <summary>The document in front of the person.</summary>
    public TextDocumentIdentifier? TextDocument { get; init; }

    /// <summary>The selection in it.</summary>
    public TextRange? Range { get; init; }

    /// <summary>False keeps the model from looking into the solution by itself.</summary>
    public bool? UseTools { get; init; }

    /// <summary>Where the answer's pieces go as they come.</summary>
    public ProgressToken? PartialResultToken { get; init; }

    public ProgressToken? WorkDoneToken { get; init; }
}
