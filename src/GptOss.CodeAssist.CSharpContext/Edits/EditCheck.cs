using System.Collections.Immutable;
using System.Globalization;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace GptOss.CodeAssist.CSharpContext.Edits;

/// <summary>Compiles an edited fork of a solution and tells what it broke.</summary>
public static class EditCheck
{
    /// <summary>The errors of <paramref name="after"/> that its older self does not have.</summary>
    /// <remarks>
    /// A change inside bodies is looked for in its own file; one that changes what others see, in its whole project and all that depend on it.
    /// Errors are told apart by identifier, message and file, and counted, so that moving lines invents none.
    /// </remarks>
    /// <param name="before">The document as it was; null for one that is new.</param>
    public static async Task<ImmutableArray<EditError>> FindNewErrorsAsync(Document? before, Document after, CancellationToken cancellationToken)
    {
        var known = new Dictionary<(string, string, string), int>();
        var isWide = before is not null && await ChangesDeclarationsAsync(before, after, cancellationToken);
        if (before is not null)
        {
            foreach (var error in await FindErrorsAsync(before, isWide, cancellationToken))
            {
                known[KeyOf(error)] = known.GetValueOrDefault(KeyOf(error)) + 1;
            }
        }

        var added = ImmutableArray.CreateBuilder<EditError>();
        foreach (var error in await FindErrorsAsync(after, isWide, cancellationToken))
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

    private static async Task<IEnumerable<Diagnostic>> FindErrorsAsync(Document document, bool isWide, CancellationToken cancellationToken)
    {
        var found = new List<Diagnostic>();
        if (!isWide)
        {
            found.AddRange(await document.GetSemanticModelAsync(cancellationToken) is { } model ? model.GetDiagnostics(null, cancellationToken) : []);
        }
        else
        {
            var solution = document.Project.Solution;
            var dependents = solution.GetProjectDependencyGraph().GetProjectsThatTransitivelyDependOnThisProject(document.Project.Id);
            foreach (var project in dependents.Prepend(document.Project.Id).Select(id => solution.GetProject(id)!))
            {
                found.AddRange(await project.GetCompilationAsync(cancellationToken) is { } compilation ? compilation.GetDiagnostics(cancellationToken) : []);
            }
        }

        return found.Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error && !diagnostic.IsSuppressed).OrderBy(diagnostic => diagnostic.Location.SourceSpan.Start);
    }

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

    private static (string, string, string) KeyOf(Diagnostic error) => (error.Id, error.GetMessage(CultureInfo.InvariantCulture), error.Location.SourceTree?.FilePath ?? "");

    private static EditError ToError(Diagnostic error, CancellationToken cancellationToken)
    {
        var line = error.Location.GetLineSpan().StartLinePosition.Line;
        var code = error.Location.SourceTree?.GetText(cancellationToken).Lines[line].ToString().Trim() ?? "";
        return new EditError(error.Id, error.GetMessage(CultureInfo.InvariantCulture), error.Location.SourceTree?.FilePath ?? "", line + 1, code);
    }
}
