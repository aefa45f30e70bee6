using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace GptOss.CodeAssist.CSharpContext.Caret;

/// <summary>The names that may be used at a place without a qualifier, nearest first.</summary>
/// <remarks>The compiler's own list holds every type of every namespace that is seen, thousands from the framework alone, and takes its time for them.</remarks>
internal static class NamesInScope
{
    /// <param name="speculation">The member around the place, bound.</param>
    /// <param name="place">What stands at the place, in the member's current text.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    public static ImmutableArray<string> Find(Speculation speculation, SyntaxNode place, CancellationToken cancellationToken)
    {
        var type = speculation.Counterpart.FirstAncestorOrSelf<TypeDeclarationSyntax>();
        var members = ImmutableArray.CreateBuilder<ISymbol>();
        for (var outer = type; outer is not null; outer = outer.Parent?.FirstAncestorOrSelf<TypeDeclarationSyntax>())
        {
            if (speculation.CompiledModel.GetDeclaredSymbol(outer, cancellationToken) is INamedTypeSymbol symbol)
            {
                members.AddRange(speculation.CompiledModel.LookupSymbols(outer.OpenBraceToken.Span.End, symbol).Where(member => member.CanBeReferencedByName));
            }
        }

        var values = members.Where(member => member is IFieldSymbol or IPropertySymbol or IEventSymbol);
        var methods = members.Where(member => member is IMethodSymbol);
        return
        [
            .. LocalsBefore(place).Concat(ParametersOf(place)).Concat(values.Concat(methods).Select(member => member.Name)).Concat(SeenFrom.Of(speculation).OwnTypes(speculation.CompiledModel, speculation.Counterpart.SpanStart))
                .Where(name => name.Length > 0).Distinct(StringComparer.Ordinal),
        ];
    }

    /// <summary>What the statements before the place declare for it.</summary>
    private static IEnumerable<string> LocalsBefore(SyntaxNode place)
    {
        foreach (var ancestor in place.Ancestors().TakeWhile(node => node is not MemberDeclarationSyntax))
        {
            var declaring = ancestor switch
            {
                BlockSyntax block => block.Statements.Where(statement => statement.Span.End <= place.SpanStart).Select(LeftBehindBy).OfType<SyntaxNode>(),
                SwitchSectionSyntax section => [.. section.Labels, .. section.Statements.Where(statement => statement.Span.End <= place.SpanStart).Select(LeftBehindBy).OfType<SyntaxNode>()],
                ForEachStatementSyntax or ForStatementSyntax or UsingStatementSyntax or FixedStatementSyntax or CatchClauseSyntax or IfStatementSyntax or WhileStatementSyntax or ExpressionStatementSyntax or SwitchExpressionArmSyntax => [ancestor],
                _ => Enumerable.Empty<SyntaxNode>(),
            };
            foreach (var name in declaring.SelectMany(NamesDeclaredBy).Where(declared => declared.SpanStart < place.SpanStart))
            {
                yield return name.ValueText;
            }
        }
    }

    /// <summary>The part of a statement whose declarations live on after it; null where all end with it.</summary>
    private static SyntaxNode? LeftBehindBy(StatementSyntax statement) => statement switch
    {
        LocalDeclarationStatementSyntax or ExpressionStatementSyntax or LocalFunctionStatementSyntax => statement,
        IfStatementSyntax choice => choice.Condition,
        LabeledStatementSyntax labelled => LeftBehindBy(labelled.Statement),
        _ => null,
    };

    /// <summary>A statement's own declarations, and those of its expressions; not those of the blocks and lambdas inside it.</summary>
    private static IEnumerable<SyntaxToken> NamesDeclaredBy(SyntaxNode statement) => statement
        .DescendantNodesAndSelf(node => node == statement || node is not (BlockSyntax or AnonymousFunctionExpressionSyntax or LocalFunctionStatementSyntax))
        .Select(node => node switch
        {
            VariableDeclaratorSyntax variable => variable.Identifier,
            SingleVariableDesignationSyntax designation => designation.Identifier,
            ForEachStatementSyntax each => each.Identifier,
            CatchDeclarationSyntax caught => caught.Identifier,
            LocalFunctionStatementSyntax function => function.Identifier,
            _ => default,
        })
        .Where(token => token.RawKind != 0);

    private static IEnumerable<string> ParametersOf(SyntaxNode place) => place.Ancestors().SelectMany(ancestor => ancestor switch
    {
        SimpleLambdaExpressionSyntax lambda => [lambda.Parameter],
        ParenthesizedLambdaExpressionSyntax lambda => lambda.ParameterList.Parameters,
        AnonymousMethodExpressionSyntax { ParameterList: { } list } => list.Parameters,
        LocalFunctionStatementSyntax function => function.ParameterList.Parameters,
        BaseMethodDeclarationSyntax method => method.ParameterList.Parameters,
        IndexerDeclarationSyntax indexer => indexer.ParameterList.Parameters,
        TypeDeclarationSyntax { ParameterList: { } list } => list.Parameters,
        _ => Enumerable.Empty<ParameterSyntax>(),
    }).Select(parameter => parameter.Identifier.ValueText).Concat(place.Ancestors().OfType<AccessorDeclarationSyntax>().Any(accessor => !accessor.IsKind(SyntaxKind.GetAccessorDeclaration)) ? ["value"] : []);
}
