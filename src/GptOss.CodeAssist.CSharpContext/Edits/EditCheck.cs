using System.Collections.Immutable;
using System.Globalization;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace GptOss.CodeAssist.CSharpContext.Edits;

/// <summary>Compiles an edited fork of a solution and tells what it broke.</summary>
public static class EditCheck
{
    /// <summary>The errors of a changed solution that the older one does not have.</summary>
    /// <remarks>
    /// A change inside bodies is looked for in its own file; a new file, and one that changes what others see, in its whole project and all that depend on it.
    /// Those of the changed files come first.
    /// Errors are told apart by identifier, message and file, and counted, so that moving lines invents none.
    /// </remarks>
    public static async Task<ImmutableArray<EditError>> FindNewErrorsAsync(Solution before, Solution after, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(before);
        ArgumentNullException.ThrowIfNull(after);
        var projects = after.GetChanges(before).GetProjectChanges().ToArray();
        var changed = projects.SelectMany(project => project.GetChangedDocuments(onlyGetDocumentsWithTextChanges: true)).ToArray();
        var isWide = projects.Any(project => project.GetAddedDocuments().Any());
        foreach (var id in changed)
        {
            isWide = isWide || await ChangesDeclarationsAsync(before.GetDocument(id)!, after.GetDocument(id)!, cancellationToken);
        }

        var find = isWide
            ? (Func<Solution, Task<List<Diagnostic>>>)(solution => FindErrorsAsync(solution, projects.Select(project => project.ProjectId), cancellationToken))
            : solution => FindErrorsAsync(changed.Select(id => solution.GetDocument(id)!), cancellationToken);
        var known = (await find(before)).CountBy(KeyOf).ToDictionary();
        var added = ImmutableArray.CreateBuilder<EditError>();
        var own = changed.Select(id => after.GetDocument(id)!.FilePath ?? "").ToHashSet();
        foreach (var error in (await find(after)).OrderByDescending(error => own.Contains(PathOf(error))).ThenBy(PathOf, StringComparer.Ordinal).ThenBy(error => error.Location.SourceSpan.Start))
        {
            var left = known.GetValueOrDefault(KeyOf(error));
            known[KeyOf(error)] = left - 1;
            if (left <= 0)
            {
                added.Add(ToError(error, cancellationToken));
            }
        }

        return added.ToImmutable();
    }

    private static async Task<List<Diagnostic>> FindErrorsAsync(IEnumerable<Document> documents, CancellationToken cancellationToken)
    {
        var found = new List<Diagnostic>();
        foreach (var document in documents)
        {
            found.AddRange(await document.GetSemanticModelAsync(cancellationToken) is { } model ? model.GetDiagnostics(null, cancellationToken).Where(IsError) : []);
        }

        return found;
    }

    /// <summary>The errors of projects and of all that depend on them.</summary>
    private static async Task<List<Diagnostic>> FindErrorsAsync(Solution solution, IEnumerable<ProjectId> projects, CancellationToken cancellationToken)
    {
        var graph = solution.GetProjectDependencyGraph();
        var found = new List<Diagnostic>();
        foreach (var project in projects.SelectMany(id => graph.GetProjectsThatTransitivelyDependOnThisProject(id).Prepend(id)).Distinct().Select(id => solution.GetProject(id)!))
        {
            found.AddRange(await project.GetCompilationAsync(cancellationToken) is { } compilation ? compilation.GetDiagnostics(cancellationToken).Where(IsError) : []);
        }

        return found;
    }

    private static bool IsError(Diagnostic diagnostic) => diagnostic.Severity == DiagnosticSeverity.Error && !diagnostic.IsSuppressed;

    /// <summary>Whether anything outside bodies differs.</summary>
    private static async Task<bool> ChangesDeclarationsAsync(Document before, Document after, CancellationToken cancellationToken) =>
        !await ShapeAsync(before, cancellationToken).SequenceEqualAsync(ShapeAsync(after, cancellationToken), StringComparer.Ordinal, cancellationToken);

    private static async IAsyncEnumerable<string> ShapeAsync(Document document, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (await document.GetSyntaxRootAsync(cancellationToken) is { } root)
        {
            var tokens = root.DescendantTokens(node => node is not (BlockSyntax or ArrowExpressionClauseSyntax or EqualsValueClauseSyntax { Parent.Parent.Parent: BaseFieldDeclarationSyntax }));
            foreach (var token in tokens.Where(token => token.Parent is not BlockSyntax))
            {
                yield return token.ValueText;
            }
        }
    }

    private static (string, string, string) KeyOf(Diagnostic error) => (error.Id, error.GetMessage(CultureInfo.InvariantCulture), PathOf(error));

    private static string PathOf(Diagnostic error) => error.Location.SourceTree?.FilePath ?? "";

    private static EditError ToError(Diagnostic error, CancellationToken cancellationToken)
    {
        var line = error.Location.GetLineSpan().StartLinePosition.Line;
        var code = error.Location.SourceTree?.GetText(cancellationToken).Lines[line].ToString().Trim() ?? "";
        return new EditError(error.Id, error.GetMessage(CultureInfo.InvariantCulture), PathOf(error), line + 1, code);
    }
}
