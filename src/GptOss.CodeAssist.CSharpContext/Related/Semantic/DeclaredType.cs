using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace GptOss.CodeAssist.CSharpContext.Related.Semantic;

/// <summary>A type declaration in a file.</summary>
/// <param name="Name">Its simple name.</param>
/// <param name="Bases">The simple names of its base list.</param>
/// <param name="Start">Where it starts.</param>
/// <param name="Tree">The file.</param>
internal sealed record DeclaredType(string Name, ImmutableArray<string> Bases, int Start, SyntaxTree Tree)
{
    public BaseTypeDeclarationSyntax? FindSyntax(CancellationToken cancellationToken) =>
        Tree.GetRoot(cancellationToken).FindToken(Start).Parent?.FirstAncestorOrSelf<BaseTypeDeclarationSyntax>();
}
