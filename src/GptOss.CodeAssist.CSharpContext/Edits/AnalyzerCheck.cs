using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace GptOss.CodeAssist.CSharpContext.Edits;

/// <summary>Asks the analyzers that report one problem whether a document has it.</summary>
/// <remarks>
/// The analyzers of the .NET SDK (CA and IDE rules) are always at hand; a project's own only where its folder is trusted, for they are the repository's code.
/// Severities and options are the rules' defaults, but for the one rule asked about, which is switched on.
/// </remarks>
public static class AnalyzerCheck
{
    /// <summary>How often a document has a problem that analyzers report; null where no analyzer at hand reports it.</summary>
    /// <param name="id">For instance <c>CA1822</c>.</param>
    /// <param name="ownAnalyzers">Full paths of the analyzer assemblies of the document's project.</param>
    public static async Task<int?> CountAsync(Document document, string id, IEnumerable<string> ownAnalyzers, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(document);
        var analyzers = await Task.Run(() => AnalyzerFiles.Find(id, ownAnalyzers), cancellationToken);
        if (analyzers.IsEmpty || await document.Project.GetCompilationAsync(cancellationToken) is not { } compiled || await document.GetSyntaxTreeAsync(cancellationToken) is not { } tree)
        {
            return null;
        }

        var options = compiled.Options.WithSpecificDiagnosticOptions(compiled.Options.SpecificDiagnosticOptions.SetItem(id, ReportDiagnostic.Warn));
        var compilation = compiled.WithOptions(options);
        var running = new CompilationWithAnalyzers(compilation, analyzers, new CompilationWithAnalyzersOptions(document.Project.AnalyzerOptions, null, concurrentAnalysis: true, logAnalyzerExecutionTime: false));
        var found = await running.GetAnalyzerSyntaxDiagnosticsAsync(tree, cancellationToken);
        found = found.AddRange(await running.GetAnalyzerSemanticDiagnosticsAsync(compilation.GetSemanticModel(tree), null, cancellationToken));
        return found.Count(diagnostic => diagnostic.Id == id && !diagnostic.IsSuppressed);
    }
}
