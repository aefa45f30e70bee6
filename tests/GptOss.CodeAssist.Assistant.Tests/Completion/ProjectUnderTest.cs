using GptOss.CodeAssist.Assistant.Completion;
using GptOss.CodeAssist.CSharpContext;
using GptOss.CodeAssist.CSharpContext.Related;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace GptOss.CodeAssist.Assistant.Tests.Completion;

/// <summary>A project of one file, with the framework that runs the test.</summary>
/// <param name="source">The file as it was compiled last.</param>
internal sealed class ProjectUnderTest(string source) : ICompletionWorkspace
{
    private int _searches;

    /// <summary>Whether the project was read by now.</summary>
    public bool IsRead { get; set; } = true;

    public int Searches => Volatile.Read(ref _searches);

    public CompiledProject? FindProject(DocumentSnapshot document)
    {
        if (!IsRead)
        {
            return null;
        }

        var platform = (AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES") as string ?? "").Split(Path.PathSeparator)
            .Where(path => Path.GetFileName(path) is "System.Runtime.dll" or "System.Private.CoreLib.dll" or "System.Linq.dll" or "System.Collections.dll")
            .Select(path => MetadataReference.CreateFromFile(path));
        var tree = CSharpSyntaxTree.ParseText(source, path: document.Path);
        return new CompiledProject(CSharpCompilation.Create("test", [tree], platform), referencesComplete: true, generatorsRan: true);
    }

    public Task PrepareAsync(DocumentSnapshot document, CancellationToken cancellationToken) => Task.CompletedTask;

    public Task<RelatedCode> FindRelatedAsync(CSharpDocument document, int caret, ContextDeadline deadline, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _searches);
        return Task.FromResult(new RelatedCode([new RelatedItem(RelatedKind.TypeOutline, "Helper", "", "used here", 1, "class Helper { Help }")], [], IsComplete: true));
    }

    public Task<RelatedCode> FindRelatedTextAsync(DocumentSnapshot document, int caret, ContextDeadline deadline, CancellationToken cancellationToken) => Task.FromResult(RelatedCode.None);

    public string NameOf(DocumentSnapshot document) => "src/File.cs";

    public EmptyReason? FindExclusion(DocumentSnapshot document) => null;
}
