using GptOss.CodeAssist.CSharpContext;
using GptOss.CodeAssist.CSharpContext.Related;

namespace GptOss.CodeAssist.Assistant.Completion;

/// <summary>What completion wants to know of the project around a document. Nothing here waits for a project to load but <see cref="PrepareAsync"/>.</summary>
/// <remarks>May be called from any thread.</remarks>
public interface ICompletionWorkspace
{
    /// <summary>The newest compilation of a document's project with the document's text in it; null while there is none.</summary>
    CompiledProject? FindProject(DocumentSnapshot document);

    /// <summary>Waits until a document's project is compiled with the document in it; ends at once where there is none.</summary>
    Task PrepareAsync(DocumentSnapshot document, CancellationToken cancellationToken);

    /// <summary>Code elsewhere that a caret is about; what is found when the deadline passes.</summary>
    /// <param name="caret">Offset in the document's text, in UTF-16 units.</param>
    Task<RelatedCode> FindRelatedAsync(CSharpDocument document, int caret, ContextDeadline deadline, CancellationToken cancellationToken);

    /// <summary>Text elsewhere that resembles what stands at a caret, for languages that no compiler here understands.</summary>
    /// <param name="caret">Offset in the document's text, in UTF-16 units.</param>
    Task<RelatedCode> FindRelatedTextAsync(DocumentSnapshot document, int caret, ContextDeadline deadline, CancellationToken cancellationToken);

    /// <summary>What a model is told that the file is called: its path in its repository, with forward slashes, or its name alone.</summary>
    string NameOf(DocumentSnapshot document);

    /// <summary>Why a document must not enter a prompt; null where it may.</summary>
    EmptyReason? FindExclusion(DocumentSnapshot document);
}
