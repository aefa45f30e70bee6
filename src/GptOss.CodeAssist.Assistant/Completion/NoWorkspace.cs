using GptOss.CodeAssist.CSharpContext;
using GptOss.CodeAssist.CSharpContext.Related;

namespace GptOss.CodeAssist.Assistant.Completion;

/// <summary>For documents without a project around them.</summary>
internal sealed class NoWorkspace : ICompletionWorkspace
{
    public CompiledProject? FindProject(DocumentSnapshot document) => null;

    public RelatedCode FindRelated(CSharpDocument document, int caret, TimeSpan deadline, CancellationToken cancellationToken) => RelatedCode.None;

    public string NameOf(DocumentSnapshot document) => Path.GetFileName(document.Path);
}
