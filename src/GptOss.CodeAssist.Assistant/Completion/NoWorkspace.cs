using GptOss.CodeAssist.CSharpContext;
using GptOss.CodeAssist.CSharpContext.Related;

namespace GptOss.CodeAssist.Assistant.Completion;

/// <summary>For documents without a project around them.</summary>
internal sealed class NoWorkspace : ICompletionWorkspace
{
    public CompiledProject? FindProject(DocumentSnapshot document) => null;

    public Task PrepareAsync(DocumentSnapshot document, CancellationToken cancellationToken) => Task.CompletedTask;

    public Task<RelatedCode> FindRelatedAsync(CSharpDocument document, int caret, ContextDeadline deadline, CancellationToken cancellationToken) => Task.FromResult(RelatedCode.None);

    public Task<RelatedCode> FindRelatedTextAsync(DocumentSnapshot document, int caret, ContextDeadline deadline, CancellationToken cancellationToken) => Task.FromResult(RelatedCode.None);

    public string NameOf(DocumentSnapshot document) => Path.GetFileName(document.Path);

    public EmptyReason? FindExclusion(DocumentSnapshot document) => ExcludedFiles.Find(document.Path, filter: null);
}
