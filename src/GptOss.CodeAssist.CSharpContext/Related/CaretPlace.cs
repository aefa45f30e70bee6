using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace GptOss.CodeAssist.CSharpContext.Related;

/// <summary>Where a caret is, by syntax alone.</summary>
/// <param name="TypeName">The name of the type around it, or an empty string.</param>
/// <param name="MemberName">The name of the member around it, or an empty string.</param>
/// <param name="Bases">The simple names of the type's base list.</param>
/// <param name="IsInTrivia">Whether it is in a comment or in code that is switched off.</param>
internal sealed record CaretPlace(string TypeName, string MemberName, IReadOnlyList<string> Bases, bool IsInTrivia)
{
    /// <summary>Words that describe the place beyond its lines.</summary>
    public IEnumerable<string> Words => [MemberName, TypeName, .. Bases];

    public static CaretPlace Find(CSharpDocument document, int caret, CancellationToken cancellationToken)
    {
        var root = document.Tree.GetRoot(cancellationToken);
        var trivia = root.FindTrivia(caret > 0 ? caret - 1 : 0);
        var isInTrivia = trivia.Kind() is SyntaxKind.SingleLineCommentTrivia or SyntaxKind.MultiLineCommentTrivia or SyntaxKind.DisabledTextTrivia;
        var token = root.FindToken(Math.Min(caret, root.FullSpan.End));
        if (token.SpanStart >= caret && token.SpanStart > 0)
        {
            token = token.GetPreviousToken();
        }

        var type = token.Parent?.FirstAncestorOrSelf<TypeDeclarationSyntax>();
        var member = token.Parent?.AncestorsAndSelf().FirstOrDefault(node => node is MemberDeclarationSyntax and not BaseTypeDeclarationSyntax and not BaseNamespaceDeclarationSyntax);
        var name = member switch
        {
            MethodDeclarationSyntax method => method.Identifier.ValueText,
            PropertyDeclarationSyntax property => property.Identifier.ValueText,
            ConstructorDeclarationSyntax constructor => constructor.Identifier.ValueText,
            BaseFieldDeclarationSyntax field => field.Declaration.Variables.FirstOrDefault()?.Identifier.ValueText ?? string.Empty,
            _ => string.Empty,
        };
        return new CaretPlace(type?.Identifier.ValueText ?? string.Empty, name, [.. type?.BaseList?.Types.Select(entry => entry.Type.ToString()) ?? []], isInTrivia);
    }
}
