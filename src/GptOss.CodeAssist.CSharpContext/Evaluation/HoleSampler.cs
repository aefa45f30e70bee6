using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace GptOss.CodeAssist.CSharpContext.Evaluation;

/// <summary>Chooses holes of a file, and tells which names they need.</summary>
internal static class HoleSampler
{
    /// <summary>One statement and one body of the file at most, so that long files do not decide.</summary>
    /// <param name="document">The file.</param>
    /// <param name="tried">Holes that are not chosen again.</param>
    /// <param name="random">Chooses.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    public static IEnumerable<Hole> Choose(CSharpDocument document, HashSet<Hole> tried, Random random, CancellationToken cancellationToken)
    {
        var root = document.Tree.GetRoot(cancellationToken);
        var statements = root.DescendantNodes()
            .OfType<StatementSyntax>()
            .Where(statement => statement is ExpressionStatementSyntax or LocalDeclarationStatementSyntax or ReturnStatementSyntax { Expression: not null } or ThrowStatementSyntax && statement.Span.Length is > 10 and < 600
                && statement.Parent is BlockSyntax && statement.FirstAncestorOrSelf<BaseMethodDeclarationSyntax>() is not null)
            .Select(statement => new Hole(document.Path, statement.Span, IsBody: false));
        if (ChooseOne(statements) is { } chosen)
        {
            yield return chosen;
        }

        var bodies = root.DescendantNodes()
            .OfType<BaseMethodDeclarationSyntax>()
            .Where(method => method.Body is { Statements.Count: >= 2 })
            .Select(method => new Hole(document.Path, TextSpan.FromBounds(method.Body!.Statements[0].SpanStart, method.Body.Statements[^1].Span.End), IsBody: true));
        if (ChooseOne(bodies) is { } body)
        {
            yield return body;
        }

        Hole? ChooseOne(IEnumerable<Hole> holes)
        {
            var untried = holes.Where(hole => !tried.Contains(hole)).ToList();
            return untried.Count == 0 ? null : untried[random.Next(untried.Count)];
        }
    }

    /// <summary>Names in the hole that bind to source symbols of other files and stand nowhere else in this one (the definition of the facts, §2.3).</summary>
    public static HashSet<string> NeededNames(CSharpDocument document, Hole hole, CancellationToken cancellationToken)
    {
        var needed = new HashSet<string>(StringComparer.Ordinal);
        if (document.Project is not { } project || document.CompiledTree is not { } tree)
        {
            return needed;
        }

        var model = project.Compilation.GetSemanticModel(tree);
        var root = tree.GetRoot(cancellationToken);
        foreach (var name in root.DescendantNodes(hole.Span).OfType<SimpleNameSyntax>().Where(name => hole.Span.Contains(name.Span)))
        {
            var symbol = model.GetSymbolInfo(name, cancellationToken).Symbol?.OriginalDefinition;
            symbol = symbol is IMethodSymbol { ReducedFrom: { } unreduced } ? unreduced.OriginalDefinition : symbol;
            if (symbol is null or ILocalSymbol or IParameterSymbol or IRangeVariableSymbol or INamespaceSymbol or ITypeParameterSymbol || name.Identifier.ValueText.Length < 2 || name.IsVar)
            {
                continue;
            }

            var locations = symbol.Locations.Where(location => location.IsInSource).ToList();
            if (locations.Count > 0 && !locations.Any(location => CompiledProject.PathComparer.Equals(location.SourceTree!.FilePath, document.Path)))
            {
                needed.Add(name.Identifier.ValueText);
            }
        }

        needed.ExceptWith(root.DescendantTokens().Where(token => token.IsKind(SyntaxKind.IdentifierToken) && !hole.Span.Contains(token.Span)).Select(token => token.ValueText));
        return needed;
    }
}
