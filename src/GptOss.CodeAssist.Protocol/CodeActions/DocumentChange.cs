namespace GptOss.CodeAssist.Protocol;

/// <summary>Edits of one document (<see cref="TextDocument"/> and <see cref="Edits"/>), or the creation of a file (<see cref="Kind"/> and <see cref="Uri"/>): one record, told apart by <see cref="Kind"/>.</summary>
public sealed record DocumentChange
{
    /// <summary><c>create</c>; absent for edits.</summary>
    public string? Kind { get; init; }

    /// <summary>The file to create.</summary>
    public string? Uri { get; init; }

    public string? AnnotationId { get; init; }

    public OptionalVersionedTextDocumentIdentifier? TextDocument { get; init; }

    public IReadOnlyList<TextEdit>? Edits { get; init; }
}
