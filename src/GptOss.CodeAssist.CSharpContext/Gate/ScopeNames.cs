using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace GptOss.CodeAssist.CSharpContext.Gate;

/// <summary>Names that the scopes around a place have given away, so that no local there may have them.</summary>
/// <remarks>The nearest declaration of a name hides those around it from look-ups, so that they are looked for in the syntax.</remarks>
internal static class ScopeNames
{
    /// <param name="declarator">What declares a local.</param>
    /// <param name="name">Its name.</param>
    public static bool IsTaken(SyntaxNode declarator, string name)
    {
        foreach (var scope in declarator.Ancestors().TakeWhile(node => node is not (MemberDeclarationSyntax and not GlobalStatementSyntax)).Append(declarator.FirstAncestorOrSelf<MemberDeclarationSyntax>()))
        {
            var isTaken = scope switch
            {
                BlockSyntax block => DeclaredIn(block.Statements).Any(other => other != declarator && NameOf(other) == name),
                SwitchStatementSyntax choice => choice.Sections.SelectMany(section => DeclaredIn(section.Statements)).Any(other => other != declarator && NameOf(other) == name),
                ForEachStatementSyntax loop => loop.Identifier.ValueText == name,
                ForStatementSyntax { Declaration: { } variables } => variables.Variables.Any(variable => variable != declarator && variable.Identifier.ValueText == name),
                UsingStatementSyntax { Declaration: { } variables } => variables.Variables.Any(variable => variable != declarator && variable.Identifier.ValueText == name),
                CatchClauseSyntax { Declaration: { } caught } => caught.Identifier.ValueText == name,
                SimpleLambdaExpressionSyntax function => function.Parameter.Identifier.ValueText == name,
                ParenthesizedLambdaExpressionSyntax function => HasParameter(function.ParameterList, name),
                AnonymousMethodExpressionSyntax function => HasParameter(function.ParameterList, name),
                LocalFunctionStatementSyntax function => HasParameter(function.ParameterList, name),
                BaseMethodDeclarationSyntax method => HasParameter(method.ParameterList, name),
                IndexerDeclarationSyntax indexer => indexer.ParameterList.Parameters.Any(parameter => parameter.Identifier.ValueText == name),
                _ => false,
            };
            if (isTaken)
            {
                return true;
            }

            // Inside a function of its own a name may hide what is around it.
            if (scope is AnonymousFunctionExpressionSyntax or LocalFunctionStatementSyntax)
            {
                return false;
            }
        }

        return false;
    }

    /// <summary>What statements bring into the scope that they stand in: locals, and variables of expressions, which those of loops keep to themselves.</summary>
    private static IEnumerable<SyntaxNode> DeclaredIn(SyntaxList<StatementSyntax> statements)
    {
        foreach (var statement in statements)
        {
            SyntaxNode? open = statement switch
            {
                LocalDeclarationStatementSyntax or ExpressionStatementSyntax or ReturnStatementSyntax or ThrowStatementSyntax => statement,
                IfStatementSyntax branch => branch.Condition,
                _ => null,
            };
            foreach (var node in open?.DescendantNodesAndSelf(node => node is not AnonymousFunctionExpressionSyntax) ?? [])
            {
                if (node is VariableDeclaratorSyntax or SingleVariableDesignationSyntax)
                {
                    yield return node;
                }
            }
        }
    }

    private static string NameOf(SyntaxNode declared) => declared switch
    {
        VariableDeclaratorSyntax variable => variable.Identifier.ValueText,
        SingleVariableDesignationSyntax designation => designation.Identifier.ValueText,
        _ => "",
    };

    private static bool HasParameter(ParameterListSyntax? parameters, string name) => parameters?.Parameters.Any(parameter => parameter.Identifier.ValueText == name) ?? false;
}
