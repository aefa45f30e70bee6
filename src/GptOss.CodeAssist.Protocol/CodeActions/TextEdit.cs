namespace GptOss.CodeAssist.Protocol;

/// <summary>One change of a document's text.</summary>
public sealed record TextEdit
{
    public required TextRange Range { get; init; }
    public required string NewText { get; init; }

    /// <summary>Only for editors that understand annotations.</summary>
    public string? AnnotationId { get; init; }
}
