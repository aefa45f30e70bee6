using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Microsoft.CodeAnalysis;

namespace GptOss.CodeAssist.CSharpContext.Related.Semantic;

/// <summary>The workspace's types that a type's members deal with.</summary>
/// <remarks>Read once for a symbol, which lives until the next change of declarations: every keystroke asks for those of dozens of types.</remarks>
internal sealed class TypeLinks
{
    /// <summary>Generic arguments, element types and constraints are followed this deep: a constraint may mention its own type for ever.</summary>
    private const int MaximumDepth = 3;

    private static readonly ConditionalWeakTable<INamedTypeSymbol, TypeLinks> Known = [];

    private TypeLinks(INamedTypeSymbol type)
    {
        var links = ImmutableArray.CreateBuilder<TypeLink>();
        foreach (var member in type.GetMembers().OrderBy(member => member is IMethodSymbol))
        {
            var isSeen = member.DeclaredAccessibility is not Accessibility.Private && !member.IsImplicitlyDeclared;
            foreach (var (definition, depth) in Flatten(TypeOf(member), 0))
            {
                links.Add(new TypeLink(definition, depth, member.Name, null, isSeen));
            }

            foreach (var parameter in member is IMethodSymbol { MethodKind: MethodKind.Constructor or MethodKind.Ordinary } method ? method.Parameters : [])
            {
                foreach (var (definition, depth) in Flatten(parameter.Type, 0))
                {
                    links.Add(new TypeLink(definition, depth, member.Name, parameter.Name, IsSeen: false));
                }
            }
        }

        All = links.ToImmutable();
    }

    /// <summary>Types of the members, methods last, and of the parameters.</summary>
    public ImmutableArray<TypeLink> All { get; }

    public static TypeLinks Of(INamedTypeSymbol type) => Known.GetValue(type, static type => new TypeLinks(type));

    public static bool IsInSource(ISymbol symbol)
    {
        foreach (var location in symbol.Locations)
        {
            if (location.IsInSource)
            {
                return true;
            }
        }

        return false;
    }

    public static ITypeSymbol? TypeOf(ISymbol? symbol) => symbol switch
    {
        ILocalSymbol local => local.Type,
        IParameterSymbol parameter => parameter.Type,
        IFieldSymbol field => field.Type,
        IPropertySymbol property => property.Type,
        IEventSymbol @event => @event.Type,
        IMethodSymbol { MethodKind: not (MethodKind.PropertyGet or MethodKind.PropertySet) } method => method.ReturnType,
        _ => null,
    };

    /// <summary>The definitions from source that a type is made of, with how deep in it they are.</summary>
    public static IEnumerable<(INamedTypeSymbol Definition, int Depth)> Flatten(ITypeSymbol? type, int depth)
    {
        if (type is null || depth > MaximumDepth)
        {
            return [];
        }

        return type switch
        {
            IArrayTypeSymbol array => Flatten(array.ElementType, depth + 1),
            ITypeParameterSymbol parameter => parameter.ConstraintTypes.SelectMany(constraint => Flatten(constraint, depth + 1)),
            INamedTypeSymbol { OriginalDefinition: var definition } named => (definition.TypeKind != TypeKind.Error && IsInSource(definition) ? [(definition, depth)] : Enumerable.Empty<(INamedTypeSymbol, int)>())
                .Concat(named.TypeArguments.IsEmpty ? [] : named.TypeArguments.SelectMany(argument => Flatten(argument, depth + 1))),
            _ => [],
        };
    }
}
