using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using GptOss.CodeAssist.CSharpContext.Related.Semantic;
using Microsoft.CodeAnalysis;

namespace GptOss.CodeAssist.CSharpContext.Caret;

/// <summary>What one assembly's part of a namespace brings into scope, or a type that is imported statically.</summary>
/// <remarks>
/// Read once for a symbol: a referenced assembly's symbols outlive the changes of the code, whose own live until the next change of declarations.
/// The compiler would walk all types of all namespaces for each place anew.
/// </remarks>
internal sealed class NamespaceContent
{
    private static readonly ConditionalWeakTable<INamespaceOrTypeSymbol, NamespaceContent> Known = [];

    private readonly ILookup<INamedTypeSymbol?, ExtensionMember> _extensions;

    private NamespaceContent(INamespaceOrTypeSymbol part)
    {
        var types = part.GetTypeMembers();
        OwnTypes = TypeLinks.IsInSource(part) ? types : [];
        OwnNames = [.. OwnTypes.SelectMany(NamesOf)];
        Creatable = [.. types.Where(IsCreatable)];
        IEnumerable<INamedTypeSymbol> extending = part is INamedTypeSymbol imported ? [imported] : types;
        _extensions = extending.SelectMany(ExtensionMember.DeclaredBy).ToLookup(extension => extension.Definition, (IEqualityComparer<INamedTypeSymbol?>)SymbolEqualityComparer.Default);
    }

    /// <summary>Its types where they are the workspace's own; else none.</summary>
    public ImmutableArray<INamedTypeSymbol> OwnTypes { get; }

    /// <summary>The names by which its own types are used: theirs, and those of the extension methods that they declare.</summary>
    public ImmutableHashSet<string> OwnNames { get; }

    /// <summary>Types that can be created, or that lead to such.</summary>
    public ImmutableArray<INamedTypeSymbol> Creatable { get; }

    /// <summary>The parts of what is in scope without a qualifier: of the namespaces around a place, and of what is imported there.</summary>
    public static ImmutableArray<NamespaceContent> InScope(SemanticModel model, int position)
    {
        var imports = model.GetImportScopes(position).SelectMany(scope => scope.Imports).Select(import => import.NamespaceOrType);
        return
        [
            .. Around(model, position).Concat(imports)
                .Distinct<INamespaceOrTypeSymbol>(SymbolEqualityComparer.Default)
                .SelectMany(PartsOf),
        ];
    }

    /// <summary>The parts of a namespace, or a type as a whole.</summary>
    public static IEnumerable<NamespaceContent> PartsOf(INamespaceOrTypeSymbol space)
    {
        IEnumerable<INamespaceOrTypeSymbol> parts = space is INamespaceSymbol { ConstituentNamespaces: var constituents } ? constituents : [space];
        return parts.Select(part => Known.GetValue(part, static part => new NamespaceContent(part)));
    }

    /// <summary>The names by which a type is used: its own, and those of the extension methods that it declares.</summary>
    public static IEnumerable<string> NamesOf(INamedTypeSymbol type) => ExtensionMember.DeclaredBy(type).Select(extension => extension.Member.Name).Prepend(type.Name);

    /// <summary>The namespaces around a place, innermost first, with what every assembly has in them.</summary>
    public static IEnumerable<INamespaceSymbol> Around(SemanticModel model, int position)
    {
        for (var space = model.GetEnclosingSymbol(position)?.ContainingNamespace; space is not null; space = space.ContainingNamespace)
        {
            yield return model.Compilation.GetCompilationNamespace(space) ?? space;
        }
    }

    /// <summary>What extends values of a definition; of null, what extends values by what they are and not by their definition.</summary>
    public IEnumerable<ExtensionMember> ExtensionsOf(INamedTypeSymbol? definition) => _extensions[definition];

    /// <summary>Whether <c>new</c> may stand before a type, or before one that is declared inside it.</summary>
    public static bool IsCreatable(INamedTypeSymbol type) => type is { IsStatic: false, TypeKind: TypeKind.Class or TypeKind.Struct or TypeKind.Delegate } && (!type.IsAbstract || type.GetTypeMembers().Length > 0)
        || type.TypeKind is TypeKind.Enum or TypeKind.Interface && type.GetTypeMembers().Length > 0;
}
