using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace GptOss.CodeAssist.CSharpContext.Related.Semantic;

/// <summary>The member of a sibling type that does what the member at the caret is to do.</summary>
internal static class WorkedExamples
{
    private const int MaximumExamples = 3;
    private const int MaximumLines = 24;

    public static IEnumerable<RelatedItem> Find(CSharpDocument document, INamedTypeSymbol containing, ISymbol? member, IReadOnlyList<DeclarationCatalog> catalogs, Func<bool> isLate, CancellationToken cancellationToken)
    {
        if (member is not (IMethodSymbol { MethodKind: MethodKind.Ordinary } or IPropertySymbol))
        {
            yield break;
        }

        var bases = containing.Interfaces.Select(contract => contract.Name).Concat(containing.BaseType is { SpecialType: SpecialType.None } baseType ? [baseType.Name] : []);
        var folder = Path.GetDirectoryName(document.Path);
        var siblings = bases.SelectMany(name => catalogs.SelectMany(catalog => catalog.TypesWithBase(name)))
            .Where(type => !CompiledProject.PathComparer.Equals(type.Tree.FilePath, document.Path))
            .DistinctBy(type => (type.Tree.FilePath, type.Start))
            .OrderByDescending(type => Path.GetDirectoryName(type.Tree.FilePath) == folder)
            .ThenByDescending(type => CommonParts(type.Name, containing.Name))
            .Take(40);
        var found = 0;
        foreach (var sibling in siblings)
        {
            if (isLate() || found >= MaximumExamples)
            {
                yield break;
            }

            var syntax = (sibling.FindSyntax(cancellationToken) as TypeDeclarationSyntax)?.Members.FirstOrDefault(candidate => NameOf(candidate) == member.Name);
            if (syntax is null or MethodDeclarationSyntax { Body: null, ExpressionBody: null })
            {
                continue;
            }

            var lines = syntax.ToString().Split('\n').Take(MaximumLines).Select(line => line.TrimEnd()).Where(line => line.Trim() is { Length: > 0 } trimmed && !trimmed.StartsWith("//", StringComparison.Ordinal)).ToList();
            var indentation = lines.Skip(1).Select(line => line.Length - line.TrimStart().Length).DefaultIfEmpty(0).Min();
            var text = $"// {sibling.Name}.{member.Name}\n" + string.Join('\n', lines.Select((line, index) => index == 0 || line.Length < indentation ? line : line[indentation..]));
            found++;
            yield return new RelatedItem(RelatedKind.WorkedExample, $"{sibling.Name}.{member.Name}", sibling.Tree.FilePath, $"{sibling.Name} does the same job as {containing.Name}", 0.8 / found, text);
        }
    }

    private static int CommonParts(string one, string other) => Lexical.Words.PartsOf(one).Intersect(Lexical.Words.PartsOf(other)).Count();

    private static string? NameOf(MemberDeclarationSyntax member) => member switch
    {
        MethodDeclarationSyntax method => method.Identifier.ValueText,
        PropertyDeclarationSyntax property => property.Identifier.ValueText,
        _ => null,
    };
}
