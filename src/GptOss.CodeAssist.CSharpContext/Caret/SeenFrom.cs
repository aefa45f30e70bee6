using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using GptOss.CodeAssist.CSharpContext.Related.Semantic;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace GptOss.CodeAssist.CSharpContext.Caret;

/// <summary>What code inside one type declaration sees of other types: their members, extension methods included, and what can be created.</summary>
/// <remarks>
/// Usings and the type around decide that, not the statement, so that it is looked up once until the next change of declarations.
/// </remarks>
internal sealed class SeenFrom
{
    private const int MaximumTypes = 500;

    private static readonly ConditionalWeakTable<Compilation, ConcurrentDictionary<(SyntaxTree Tree, int Type), SeenFrom>> Known = [];

    private readonly ConcurrentDictionary<(ITypeSymbol Type, bool IsNamed), ImmutableArray<ISymbol>> _members = new();
    private readonly ImmutableArray<NamespaceContent> _inScope;
    private ImmutableArray<ISymbol> _creatable;
    private ImmutableArray<string> _ownTypes;

    private SeenFrom(ImmutableArray<NamespaceContent> inScope) => _inScope = inScope;

    /// <summary>What is seen from the type around a member.</summary>
    public static SeenFrom Of(Speculation speculation)
    {
        var type = speculation.Counterpart.FirstAncestorOrSelf<TypeDeclarationSyntax>();
        return Known.GetOrCreateValue(speculation.CompiledModel.Compilation).GetOrAdd(
            (speculation.CompiledModel.SyntaxTree, type?.SpanStart ?? 0), static (_, speculation) => new SeenFrom(NamespaceContent.InScope(speculation.CompiledModel, speculation.Counterpart.SpanStart)), speculation);
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

        var extensions = isNamed ? [] : ExtensionMember.Of(_inScope, type, model.Compilation).Where(member => IsAccessible(model, position, member));
        return _members[(type, isNamed)] = [.. model.LookupSymbols(position, type), .. extensions];
    }

    /// <summary>Types that can be created, and the namespaces and outer types that lead to them.</summary>
    /// <param name="model">A model of a member of the type.</param>
    /// <param name="position">A place inside the member.</param>
    public IEnumerable<ISymbol> Creatable(SemanticModel model, int position)
    {
        if (_creatable.IsDefault)
        {
            ImmutableInterlocked.InterlockedInitialize(ref _creatable,
            [
                .. _inScope.SelectMany(content => content.Creatable).Concat(NestedTypes(model, position).Where(NamespaceContent.IsCreatable)).Where(type => IsAccessible(model, position, type)),
                .. NamespaceContent.Around(model, position).SelectMany(space => space.GetNamespaceMembers()),
                .. model.GetImportScopes(position).SelectMany(scope => scope.Aliases.Concat(scope.ExternAliases)),
            ]);
        }

        return _creatable.Concat(TypeParameters(model.GetEnclosingSymbol(position)));
    }

    /// <summary>Names of the workspace's own types.</summary>
    /// <param name="model">A model of a member of the type.</param>
    /// <param name="position">A place inside the member.</param>
    public ImmutableArray<string> OwnTypes(SemanticModel model, int position)
    {
        if (_ownTypes.IsDefault)
        {
            var types = NestedTypes(model, position).Where(TypeLinks.IsInSource).Concat(_inScope.SelectMany(content => content.OwnTypes));
            ImmutableInterlocked.InterlockedInitialize(ref _ownTypes, [.. types.Where(type => IsAccessible(model, position, type)).Select(type => type.Name).Distinct(StringComparer.Ordinal)]);
        }

        return _ownTypes;
    }

    /// <summary>What the types around a place and their bases declare inside them.</summary>
    private static IEnumerable<INamedTypeSymbol> NestedTypes(SemanticModel model, int position)
    {
        var enclosing = model.GetEnclosingSymbol(position);
        for (var around = enclosing as INamedTypeSymbol ?? enclosing?.ContainingType; around is not null; around = around.ContainingType)
        {
            foreach (var nested in model.LookupNamespacesAndTypes(position, around).OfType<INamedTypeSymbol>())
            {
                yield return nested;
            }
        }
    }

    /// <summary>Most types and methods are for everybody, which need not be asked of the compiler.</summary>
    private static bool IsAccessible(SemanticModel model, int position, ISymbol symbol) =>
        symbol is { DeclaredAccessibility: Accessibility.Public, ContainingType: null or { DeclaredAccessibility: Accessibility.Public, ContainingType: null } } || model.IsAccessible(position, symbol);

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
}
