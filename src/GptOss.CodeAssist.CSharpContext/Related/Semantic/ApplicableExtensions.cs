using Microsoft.CodeAnalysis;

namespace GptOss.CodeAssist.CSharpContext.Related.Semantic;

/// <summary>The project's extension methods on the types of what is in scope.</summary>
internal static class ApplicableExtensions
{
    private const int MaximumMethods = 40;
    private const int MaximumSignatures = 8;

    public static IEnumerable<RelatedItem> Find(IReadOnlyList<ITypeSymbol> receivers, IReadOnlyList<DeclarationCatalog> catalogs, string fromPath)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var name in receivers.SelectMany(NamesOf))
        {
            if (!seen.Add(name))
            {
                continue;
            }

            var methods = catalogs.SelectMany(catalog => catalog.ExtensionsOf(name)).Where(method => method.Path != fromPath).DistinctBy(method => method.Signature).Take(MaximumMethods).ToList();
            if (methods.Count > 0)
            {
                var header = $"extensions of {name}";
                yield return new RelatedItem(RelatedKind.Extensions, name, methods[0].Path, $"apply to a {name} in scope", 0.6, header, [.. methods.Select(method => method.Name).Distinct()],
                    methods.Count <= MaximumSignatures ? () => $"{header} {{ {string.Join("; ", methods.Select(method => method.Signature))} }}" : null);
            }
        }
    }

    /// <summary>A type's own name, its bases' and its interfaces'.</summary>
    private static IEnumerable<string> NamesOf(ITypeSymbol type)
    {
        for (var (current, depth) = ((ITypeSymbol?)type, 0); current is not null && depth < 8 && current.SpecialType != SpecialType.System_Object; current = current.BaseType, depth++)
        {
            yield return current.Name;
        }

        foreach (var contract in type.AllInterfaces.Take(20))
        {
            yield return contract.Name;
        }
    }
}
