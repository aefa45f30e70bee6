using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace GptOss.CodeAssist.CSharpContext.Edits;

/// <summary>What stands around a piece: the file's usings, and its type with the other members' signatures.</summary>
public static class TypeOutline
{
    /// <summary>Text of at most <paramref name="maxCharacters"/>; empty where nothing stands around.</summary>
    public static string Around(EditPiece piece, int maxCharacters)
    {
        var text = new StringBuilder();
        var root = piece.Members[0].SyntaxTree.GetCompilationUnitRoot();
        foreach (var directive in root.Usings)
        {
            text.Append(directive.ToString()).Append('\n');
        }

        if (piece.Members[0].Parent is TypeDeclarationSyntax type)
        {
            text.Append(HeaderOf(type)).Append("\n{\n");
            foreach (var member in type.Members.Where(member => !piece.Members.Contains(member)))
            {
                var line = SignatureOf(member);
                if (text.Length + line.Length > maxCharacters)
                {
                    text.Append("    // and more\n");
                    break;
                }

                text.Append("    ").Append(line).Append('\n');
            }

            text.Append("}\n");
        }

        return text.ToString().TrimEnd('\n');
    }

    private static string HeaderOf(TypeDeclarationSyntax type) =>
        Join(type.WithAttributeLists([]).WithoutLeadingTrivia().ToString().Split('{')[0].TrimEnd(';'));

    private static string SignatureOf(MemberDeclarationSyntax member)
    {
        var bare = member.WithAttributeLists([]).WithoutLeadingTrivia();
        return bare switch
        {
            BaseTypeDeclarationSyntax nested => Join(nested.ToString().Split('{')[0]) + " { }",
            BaseMethodDeclarationSyntax method => Join(method.WithBody(null).WithExpressionBody(null).WithSemicolonToken(SyntaxFactory.MissingToken(SyntaxKind.SemicolonToken)).ToString()) + ";",
            PropertyDeclarationSyntax property => Join($"{property.Modifiers} {property.Type} {property.Identifier}") + " { get; }",
            _ => Join(bare.ToString()),
        };
    }

    private static string Join(string code) => string.Join(' ', code.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
}
