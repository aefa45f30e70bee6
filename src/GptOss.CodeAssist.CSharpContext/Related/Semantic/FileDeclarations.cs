using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace GptOss.CodeAssist.CSharpContext.Related.Semantic;

/// <summary>What a file declares, read from its syntax alone.</summary>
/// <param name="Path">The file.</param>
/// <param name="Names">Names of types and members.</param>
/// <param name="Types">Its types.</param>
/// <param name="Extensions">Its extension methods.</param>
internal sealed record FileDeclarations(string Path, ImmutableArray<string> Names, ImmutableArray<DeclaredType> Types, ImmutableArray<DeclaredExtension> Extensions)
{
    public static FileDeclarations Read(SyntaxTree tree, CancellationToken cancellationToken)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        var types = ImmutableArray.CreateBuilder<DeclaredType>();
        var extensions = ImmutableArray.CreateBuilder<DeclaredExtension>();
        var nodes = tree.GetRoot(cancellationToken).DescendantNodes(node => node is CompilationUnitSyntax or BaseNamespaceDeclarationSyntax or TypeDeclarationSyntax or EnumDeclarationSyntax or BaseFieldDeclarationSyntax or VariableDeclarationSyntax or ParameterListSyntax { Parent: RecordDeclarationSyntax });
        foreach (var node in nodes)
        {
            var name = node switch
            {
                BaseTypeDeclarationSyntax type => type.Identifier.ValueText,
                DelegateDeclarationSyntax type => type.Identifier.ValueText,
                MethodDeclarationSyntax method => method.Identifier.ValueText,
                PropertyDeclarationSyntax property => property.Identifier.ValueText,
                EventDeclarationSyntax @event => @event.Identifier.ValueText,
                VariableDeclaratorSyntax variable => variable.Identifier.ValueText,
                EnumMemberDeclarationSyntax member => member.Identifier.ValueText,
                ParameterSyntax parameter => parameter.Identifier.ValueText,
                _ => string.Empty,
            };
            if (name.Length > 1)
            {
                names.Add(name);
            }

            if (node is BaseTypeDeclarationSyntax declared)
            {
                types.Add(new DeclaredType(name, [.. declared.BaseList?.Types.Select(type => SimpleNameOf(type.Type)) ?? []], declared.SpanStart, tree));
            }
            else if (node is MethodDeclarationSyntax { ParameterList.Parameters: [{ Type: { } receiver } first, ..] } method && first.Modifiers.Any(SyntaxKind.ThisKeyword))
            {
                extensions.Add(new DeclaredExtension(SimpleNameOf(receiver), name, $"{method.ReturnType} {name}{method.TypeParameterList}{method.ParameterList}", tree.FilePath));
            }
        }

        return new FileDeclarations(tree.FilePath, [.. names], types.ToImmutable(), extensions.ToImmutable());
    }

    private static string SimpleNameOf(TypeSyntax type) => type switch
    {
        SimpleNameSyntax name => name.Identifier.ValueText,
        QualifiedNameSyntax qualified => qualified.Right.Identifier.ValueText,
        AliasQualifiedNameSyntax aliased => aliased.Name.Identifier.ValueText,
        NullableTypeSyntax nullable => SimpleNameOf(nullable.ElementType),
        _ => type.ToString(),
    };
}
