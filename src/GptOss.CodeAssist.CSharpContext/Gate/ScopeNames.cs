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
                BlockSyntax block => block.Statements.OfType<LocalDeclarationStatementSyntax>().SelectMany(statement => statement.Declaration.Variables).Any(variable => variable != declarator && variable.Identifier.ValueText == name),
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

    private static bool HasParameter(ParameterListSyntax? parameters, string name) => parameters?.Parameters.Any(parameter => parameter.Identifier.ValueText == name) ?? false;
}
