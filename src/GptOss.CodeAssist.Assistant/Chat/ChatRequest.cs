using System.Collections.Immutable;
using Microsoft.CodeAnalysis.Text;

namespace GptOss.CodeAssist.Assistant.Chat;

/// <summary>One message of a person's.</summary>
public sealed record ChatRequest
{
    /// <summary>What the person wrote; may hold the references <c>#file:path</c>, <c>#symbol:Name</c>, <c>#selection</c> and <c>#diagnostics</c>.</summary>
    public required string Message { get; init; }

    /// <summary>The conversation to go on with; null begins one that is forgotten afterwards.</summary>
    public string? ConversationId { get; init; }

    /// <summary>Null takes what the prompt file says.</summary>
    public Effort? Effort { get; init; }

    /// <summary>The document in front of the person; null where there is none.</summary>
    public DocumentSnapshot? Document { get; init; }

    /// <summary>What is selected in <see cref="Document"/>.</summary>
    public TextSpan Selection { get; init; }

    /// <summary>Open documents, which <c>#file</c> finds before the solution's.</summary>
    public ImmutableArray<DocumentSnapshot> OpenDocuments { get; init; } = [];

    /// <summary>Documents shown to the model whole, as if the message referred to each.</summary>
    public ImmutableArray<DocumentSnapshot> Attachments { get; init; } = [];

    /// <summary>Whether the model may look into the solution by itself.</summary>
    public bool UseTools { get; init; } = true;
}
