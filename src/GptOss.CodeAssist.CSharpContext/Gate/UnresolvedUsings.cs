using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace GptOss.CodeAssist.CSharpContext.Gate;

/// <summary>Using directives that name nothing the compilation knows: a sign of missing packages.</summary>
internal static class UnresolvedUsings
{
    public static bool Any(SemanticModel model, SyntaxNode root, CancellationToken cancellationToken) =>
        root.DescendantNodes(node => node is CompilationUnitSyntax or BaseNamespaceDeclarationSyntax)
            .OfType<UsingDirectiveSyntax>()
            .Any(directive => directive.NamespaceOrType is { } name && model.GetSymbolInfo(name, cancellationToken).Symbol is null && model.GetTypeInfo(name, cancellationToken).Type is null or IErrorTypeSymbol);
}
