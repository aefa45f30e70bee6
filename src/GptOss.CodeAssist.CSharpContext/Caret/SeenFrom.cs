using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace GptOss.CodeAssist.CSharpContext.Caret;

/// <summary>What code inside one type declaration sees of other types: their members, extension methods included, and what can be created.</summary>
/// <remarks>
/// Usings and the type around decide that, not the statement, so that it is looked up once until the next change of declarations: the extension
/// methods of a large project take the compiler a hundredth of a second for one type, and the types of the framework as long.
/// </remarks>
internal sealed class SeenFrom
{
    private const int MaximumTypes = 500;

    private static readonly ConditionalWeakTable<Compilation, ConcurrentDictionary<(SyntaxTree Tree, int Type), SeenFrom>> Known = [];

    private readonly ConcurrentDictionary<(ITypeSymbol Type, bool IsNamed), ImmutableArray<ISymbol>> _members = new();
    private ImmutableArray<ISymbol> _creatable;

    /// <summary>What is seen from the type around a member.</summary>
    public static SeenFrom Of(Speculation speculation)
    {
        var type = speculation.Counterpart.FirstAncestorOrSelf<TypeDeclarationSyntax>();
        return Known.GetOrCreateValue(speculation.CompiledModel.Compilation).GetOrAdd((speculation.CompiledModel.SyntaxTree, type?.SpanStart ?? 0), static _ => new SeenFrom());
    }

    /// <param name="model">A model of a member of the type.</param>
    /// <param name="position">A place inside the member.</param>
    /// <param name="type">Whose members are wanted.</param>
    /// <param name="isNamed">Whether the type itself is named, and not a value of it: then no extension method applies.</param>
    public ImmutableArray<ISymbol> MembersOf(SemanticModel model, int position, ITypeSymbol type, bool isNamed)
    {
        if (_members.TryGetValue((type, isNamed), out var known))
        {
            return known;
        }

        if (_members.Count >= MaximumTypes)
        {
            _members.Clear();
        }

        return _members[(type, isNamed)] = model.LookupSymbols(position, type, null, includeReducedExtensionMethods: !isNamed);
    }

    /// <summary>Types that can be created, and the namespaces and outer types that lead to them.</summary>
    /// <param name="model">A model of a member of the type.</param>
    /// <param name="position">A place inside the member.</param>
    public IEnumerable<ISymbol> Creatable(SemanticModel model, int position)
    {
        if (_creatable.IsDefault)
        {
            ImmutableInterlocked.InterlockedInitialize(ref _creatable,
                [.. model.LookupNamespacesAndTypes(position).Where(symbol => symbol is INamespaceSymbol or IAliasSymbol || symbol is INamedTypeSymbol type && IsCreatable(type))]);
        }

        return _creatable.Concat(TypeParameters(model.GetEnclosingSymbol(position)));
    }

    /// <summary>These alone differ from member to member.</summary>
    private static IEnumerable<ISymbol> TypeParameters(ISymbol? symbol)
    {
        for (; symbol is not null; symbol = symbol.ContainingSymbol)
        {
            foreach (var parameter in symbol is IMethodSymbol method ? method.TypeParameters : symbol is INamedTypeSymbol type ? type.TypeParameters : [])
            {
                yield return parameter;
            }
        }
    }

    private static bool IsCreatable(INamedTypeSymbol type) => type is { IsStatic: false, TypeKind: TypeKind.Class or TypeKind.Struct or TypeKind.Delegate } && (!type.IsAbstract || type.GetTypeMembers().Length > 0)
        || type.TypeKind is TypeKind.Enum or TypeKind.Interface && type.GetTypeMembers().Length > 0;
}
