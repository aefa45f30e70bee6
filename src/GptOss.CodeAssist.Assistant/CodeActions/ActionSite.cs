using System.Collections.Immutable;
using GptOss.CodeAssist.CSharpContext;
using GptOss.CodeAssist.CSharpContext.Edits;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Text;

namespace GptOss.CodeAssist.Assistant.CodeActions;

/// <summary>The place that an action is about, in the solution with the editor's text in it.</summary>
/// <param name="Document">A fork's document with the editor's text.</param>
/// <param name="IsCompiled">Whether it belongs to a loaded project, so that the compiler's word counts.</param>
/// <param name="Piece">What would be rewritten; null outside members.</param>
/// <param name="Analyzers">Analyzer assemblies of the document's project, where they may be run.</param>
internal sealed record ActionSite(Document Document, bool IsCompiled, SourceText Text, SyntaxNode Root, EditPiece? Piece, ImmutableArray<string> Analyzers)
{
    /// <param name="source">The workspace; null where there is none.</param>
    public static async Task<ActionSite> FindAsync(ISolutionSource? source, DocumentSnapshot snapshot, IEnumerable<DocumentSnapshot> others, TextSpan span, CancellationToken cancellationToken)
    {
        var solution = source is null ? null : (await source.PrepareAsync(cancellationToken))?.WithOpenTexts(others.Append(snapshot));
        var document = solution?.GetDocumentIdsWithFilePath(snapshot.Path).Select(solution.GetDocument).FirstOrDefault(found => found is not null);
        var isCompiled = document is not null;
        document ??= Alone(snapshot);
        var root = await document.GetSyntaxRootAsync(cancellationToken) ?? throw new InvalidOperationException("A C# document without syntax.");
        var clamped = TextSpan.FromBounds(Math.Min(span.Start, snapshot.Text.Length), Math.Min(span.End, snapshot.Text.Length));
        return new ActionSite(document, isCompiled, snapshot.Text, root, EditPiece.Find(root, snapshot.Text, clamped), source?.FindAnalyzers(snapshot.Path) ?? []);
    }

    private static Document Alone(DocumentSnapshot snapshot)
    {
        using var workspace = new AdhocWorkspace();
        var project = workspace.CurrentSolution.AddProject("alone", "alone", LanguageNames.CSharp)
            .WithParseOptions(CSharpParseOptions.Default.WithLanguageVersion(LanguageVersion.Preview));
        return project.AddDocument(Path.GetFileName(snapshot.Path), snapshot.Text, filePath: snapshot.Path);
    }
}
