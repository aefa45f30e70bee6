using Microsoft.CodeAnalysis;

namespace GptOss.CodeAssist.CSharpContext.Related.Semantic;

/// <summary>The overloads of the method whose arguments hold the caret.</summary>
internal static class Callees
{
    private const int MaximumOverloads = 8;

    public static IEnumerable<RelatedItem> Find(TypeSeeds seeds)
    {
        if (seeds.Callees.Count == 0)
        {
            yield break;
        }

        var name = seeds.Callees[0] is IMethodSymbol { MethodKind: MethodKind.Constructor } constructor ? $"new {constructor.ContainingType.Name}" : seeds.Callees[0].Name;
        var text = string.Join('\n', seeds.Callees.Take(MaximumOverloads).Select(Outline.SignatureOf).Distinct());
        yield return new RelatedItem(RelatedKind.Callee, name, seeds.Callees[0].Locations.FirstOrDefault(location => location.IsInSource)?.SourceTree?.FilePath ?? string.Empty, "the caret is in its arguments", 1, text);
    }
}
