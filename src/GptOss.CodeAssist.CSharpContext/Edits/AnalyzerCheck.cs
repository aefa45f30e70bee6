using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Text;

namespace GptOss.CodeAssist.CSharpContext.Edits;

/// <summary>Asks analyzers about a document.</summary>
/// <remarks>
/// The analyzers of the .NET SDK (CA and IDE rules) are always at hand; a project's own only where its folder is trusted, for they are the repository's code.
/// Severities and options are those of the project's <c>.editorconfig</c> files.
/// </remarks>
public static class AnalyzerCheck
{
    /// <summary>How often a document has a problem that analyzers report, however severe the project holds it to be; null where no analyzer at hand reports it.</summary>
    /// <param name="id">For instance <c>CA1822</c>.</param>
    /// <param name="ownAnalyzers">Full paths of the analyzer assemblies of the document's project.</param>
    public static async Task<int?> CountAsync(Document document, string id, IEnumerable<string> ownAnalyzers, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(document);
        var analyzers = await Task.Run(() => AnalyzerFiles.Find(id, ownAnalyzers), cancellationToken);
        return analyzers.IsEmpty || await RunAsync(document, analyzers, options => options.WithSpecificDiagnosticOptions(options.SpecificDiagnosticOptions.SetItem(id, ReportDiagnostic.Warn)), cancellationToken) is not { } found
            ? null
            : found.Count(diagnostic => diagnostic.Id == id && !diagnostic.IsSuppressed);
    }

    /// <summary>The warnings and errors that analyzers report at a place.</summary>
    /// <param name="ownAnalyzers">Full paths of the analyzer assemblies of the document's project.</param>
    public static async Task<ImmutableArray<Diagnostic>> FindAsync(Document document, TextSpan span, IEnumerable<string> ownAnalyzers, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(document);
        var analyzers = await Task.Run(() => AnalyzerFiles.All(ownAnalyzers), cancellationToken);
        var found = analyzers.IsEmpty ? null : await RunAsync(document, analyzers, options => options, cancellationToken);
        return [.. found?.Where(diagnostic => diagnostic.Severity >= DiagnosticSeverity.Warning && !diagnostic.IsSuppressed && diagnostic.Location.SourceSpan.IntersectsWith(span)) ?? []];
    }

    private static async Task<ImmutableArray<Diagnostic>?> RunAsync(Document document, ImmutableArray<DiagnosticAnalyzer> analyzers, Func<CompilationOptions, CompilationOptions> change, CancellationToken cancellationToken)
    {
        if (await document.Project.GetCompilationAsync(cancellationToken) is not { } compiled || await document.GetSyntaxTreeAsync(cancellationToken) is not { } tree)
        {
            return null;
        }

        var compilation = compiled.WithOptions(change(compiled.Options));
        // An analyzer that throws reports nothing; AD0001 says so, and is nobody's warning.
        var options = new CompilationWithAnalyzersOptions(document.Project.AnalyzerOptions, onAnalyzerException: (_, _, _) => { }, concurrentAnalysis: true, logAnalyzerExecutionTime: false);
        var running = new CompilationWithAnalyzers(compilation, analyzers, options);
        var found = await running.GetAnalyzerSyntaxDiagnosticsAsync(tree, cancellationToken);
        return found.AddRange(await running.GetAnalyzerSemanticDiagnosticsAsync(compilation.GetSemanticModel(tree), null, cancellationToken));
    }
}
