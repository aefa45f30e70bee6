using Microsoft.CodeAnalysis;

namespace GptOss.CodeAssist.CSharpContext.Caret;

/// <summary>A member that extends values of other types.</summary>
/// <param name="Member">The method or the property.</param>
/// <param name="Receiver">What a value has to convert to.</param>
internal sealed record ExtensionMember(ISymbol Member, ITypeSymbol Receiver)
{
    /// <summary>The definition that a value's type, a base or an interface of it has to have; null where the receiver has none: a type parameter, an array.</summary>
    public INamedTypeSymbol? Definition => (Receiver as INamedTypeSymbol)?.OriginalDefinition;

    /// <summary>Extension methods, and what <c>extension</c> blocks hold.</summary>
    public static IEnumerable<ExtensionMember> DeclaredBy(INamedTypeSymbol type)
    {
        foreach (var member in type.MightContainExtensionMethods ? type.GetMembers() : [])
        {
            if (member is IMethodSymbol { IsExtensionMethod: true, Parameters: [var receiver, ..] })
            {
                yield return new ExtensionMember(member, receiver.Type);
            }
            else if (member is INamedTypeSymbol { IsExtension: true, ExtensionParameter: { } extended } block)
            {
                foreach (var property in block.GetMembers().Where(inner => inner is IPropertySymbol { IsStatic: false }))
                {
                    yield return new ExtensionMember(property, extended.Type);
                }
            }
        }
    }

    /// <summary>What may be called on values of a type, each name once.</summary>
    /// <remarks>
    /// What only the inference of type arguments could exclude is in: a name too many costs a list nothing, and inference for every method
    /// in scope, as the compiler's own lookup has it, costs a hundredth of a second in a large project.
    /// </remarks>
    /// <param name="inScope">Where they are looked for.</param>
    /// <param name="receiver">The type of the values.</param>
    /// <param name="compilation">Tells what converts to what.</param>
    public static IEnumerable<ISymbol> Of(IEnumerable<NamespaceContent> inScope, ITypeSymbol receiver, Compilation compilation)
    {
        var definitions = DefinitionsOf(receiver, compilation);
        return inScope.SelectMany(content => definitions.Append(null).SelectMany(content.ExtensionsOf)).GroupBy(extension => extension.Member.Name, StringComparer.Ordinal)
            .Select(named => named.FirstOrDefault(extension => extension.MayExtend(receiver, definitions, compilation))?.Member)
            .OfType<ISymbol>();
    }

    private bool MayExtend(ITypeSymbol value, HashSet<INamedTypeSymbol?> definitions, Compilation compilation) => Receiver switch
    {
        ITypeParameterSymbol parameter =>
            (!parameter.HasValueTypeConstraint || value is { IsValueType: true, OriginalDefinition.SpecialType: not SpecialType.System_Nullable_T })
            && (!parameter.HasReferenceTypeConstraint || value.IsReferenceType)
            && parameter.ConstraintTypes.All(constraint => constraint is not INamedTypeSymbol named || definitions.Contains(named.OriginalDefinition)),
        IArrayTypeSymbol array when IsOpen(array) => value is IArrayTypeSymbol given && given.Rank == array.Rank,
        _ => IsOpen(Receiver) || compilation.ClassifyCommonConversion(value, Receiver).IsImplicit,
    };

    /// <summary>The definitions of a type and of all that its values are.</summary>
    private static HashSet<INamedTypeSymbol?> DefinitionsOf(ITypeSymbol type, Compilation compilation)
    {
        var definitions = new HashSet<INamedTypeSymbol?>(SymbolEqualityComparer.Default) { compilation.ObjectType };
        Add(type, 0);
        if (type is IArrayTypeSymbol or { SpecialType: SpecialType.System_String })
        {
            // Since C# 14 what extends spans extends these as well.
            definitions.UnionWith([compilation.GetTypeByMetadataName("System.Span`1"), compilation.GetTypeByMetadataName("System.ReadOnlySpan`1")]);
        }

        return definitions;

        void Add(ITypeSymbol added, int depth)
        {
            for (var current = added; current is not null; current = current.BaseType)
            {
                if (current is INamedTypeSymbol named)
                {
                    definitions.Add(named.OriginalDefinition);
                }
            }

            definitions.UnionWith(added.AllInterfaces.Select(contract => contract.OriginalDefinition));
            // A constraint may mention its own type for ever.
            var implied = added switch
            {
                ITypeParameterSymbol parameter when depth < 4 => parameter.ConstraintTypes,
                INamedTypeSymbol { OriginalDefinition.SpecialType: SpecialType.System_Nullable_T } nullable => nullable.TypeArguments,
                _ => [],
            };
            foreach (var one in implied)
            {
                Add(one, depth + 1);
            }
        }
    }

    private static bool IsOpen(ITypeSymbol type) => type switch
    {
        ITypeParameterSymbol => true,
        IArrayTypeSymbol array => IsOpen(array.ElementType),
        INamedTypeSymbol named => named.TypeArguments.Any(IsOpen) || (named.ContainingType is { } outer && IsOpen(outer)),
        _ => false,
    };
}
