namespace GptOss.CodeAssist.Protocol;

/// <summary>Changes to several documents.</summary>
public sealed record WorkspaceEdit
{
    /// <summary>By URI, for editors without <see cref="DocumentChanges"/>.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<TextEdit>>? Changes { get; init; }

    /// <summary>In order.</summary>
    public IReadOnlyList<DocumentChange>? DocumentChanges { get; init; }

    public IReadOnlyDictionary<string, ChangeAnnotation>? ChangeAnnotations { get; init; }
}
