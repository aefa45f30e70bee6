using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace GptOss.CodeAssist.CSharpContext.Gate;

/// <summary>Using directives that name nothing the compilation knows: a sign of missing packages.</summary>
internal static class UnresolvedUsings
{
    /// <summary>Asked again and again for the same compiled file, between two tokens of an answer.</summary>
    private static readonly ConditionalWeakTable<Compilation, ConcurrentDictionary<SyntaxTree, bool>> Known = [];

    public static bool Any(Compilation compilation, SyntaxTree tree, CancellationToken cancellationToken) =>
        Known.GetOrCreateValue(compilation).GetOrAdd(tree, _ => Find(compilation.GetSemanticModel(tree), tree.GetRoot(cancellationToken), cancellationToken));

    private static bool Find(SemanticModel model, SyntaxNode root, CancellationToken cancellationToken) =>
        root.DescendantNodes(node => node is CompilationUnitSyntax or BaseNamespaceDeclarationSyntax)
            .OfType<UsingDirectiveSyntax>()
            .Any(directive => directive.NamespaceOrType is { } name && model.GetSymbolInfo(name, cancellationToken).Symbol is null && model.GetTypeInfo(name, cancellationToken).Type is null or IErrorTypeSymbol);
}
