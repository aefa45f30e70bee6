using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace GptOss.CodeAssist.CSharpContext.Gate;

/// <summary>Looks at the parameters of new declarations.</summary>
internal static class NewParameters
{
    /// <summary>Whether two parameters are called the same.</summary>
    public static bool HasTwins(DeclaredNames names, ParameterListSyntax? parameters)
    {
        var twin = parameters?.Parameters.Where(parameter => !parameter.Identifier.IsMissing).GroupBy(parameter => parameter.Identifier.ValueText, StringComparer.Ordinal).SelectMany(group => group.Skip(1)).FirstOrDefault();
        if (twin is not null)
        {
            names.Wrong ??= new SemanticProblem(RejectionKind.Other, twin.Identifier.Span, twin.Identifier.ValueText, twin);
        }

        return twin is not null;
    }

    /// <summary>Without a default value, and the receiver of an extension only where there may be one.</summary>
    public static bool IsPlain(DeclaredNames names, INamespaceOrTypeSymbol container, ParameterSyntax parameter) =>
        parameter is { Default: null, Type: not null } && AttributeCheck.AreClean(names, parameter.AttributeLists, parameter)
        && !parameter.Modifiers.Any(SyntaxKind.ScopedKeyword) && (!parameter.Modifiers.Any(SyntaxKind.ThisKeyword) || IsReceiver(container, parameter));

    private static bool IsReceiver(INamespaceOrTypeSymbol container, ParameterSyntax parameter) => container is INamedTypeSymbol { IsStatic: true, Arity: 0, ContainingType: null }
        && parameter.Parent?.Parent is MethodDeclarationSyntax method && method.Modifiers.Any(SyntaxKind.StaticKeyword) && method.ParameterList.Parameters[0] == parameter;
}
