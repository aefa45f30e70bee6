using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;

namespace GptOss.CodeAssist.CSharpContext;

/// <summary>Where the open solution comes from.</summary>
public interface ISolutionSource
{
    /// <summary>The newest solution with the editor's unsaved texts in it; null while none is loaded. Never waits for loading.</summary>
    Solution? FindSolution();

    /// <summary>The same, after it has been loaded; null where nothing can be.</summary>
    Task<Solution?> PrepareAsync(CancellationToken cancellationToken);

    /// <summary>A document with the text that the editor shows, and its project as far as it is compiled. Never waits; much cheaper than the solution.</summary>
    /// <returns>Null where the file may not be read.</returns>
    CSharpDocument? FindDocument(string path, SourceText text);

    /// <summary>Full paths of the analyzer assemblies of a file's project; empty while its folder is not trusted, for they are the repository's code.</summary>
    ImmutableArray<string> FindAnalyzers(string path);

    /// <summary>Full paths of the workspace's folders; nothing outside them may be shown to a model.</summary>
    ImmutableArray<string> Roots { get; }
}
