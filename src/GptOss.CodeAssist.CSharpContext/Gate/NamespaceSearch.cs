using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace GptOss.CodeAssist.CSharpContext.Gate;

/// <summary>Finds the namespaces that declare a type or an extension method of a given name, in source and in references.</summary>
internal static class NamespaceSearch
{
    /// <summary>One map for each referenced assembly, made on first need and shared by all compilations that hold the same reference.</summary>
    private static readonly ConditionalWeakTable<MetadataReference, AssemblyNames> Metadata = [];

    /// <summary>Reads what the references declare, a quarter of a second for a usual project, so that nobody waits for it.</summary>
    public static void Prepare(CSharpCompilation compilation, CancellationToken cancellationToken)
    {
        foreach (var reference in compilation.References)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (reference is not CompilationReference && compilation.GetAssemblyOrModuleSymbol(reference) is IAssemblySymbol assembly)
            {
                Metadata.GetValue(reference, _ => AssemblyNames.Read(assembly));
            }
        }
    }

    public static IReadOnlyCollection<string> Find(CSharpCompilation compilation, string name, int arity, bool extensionMethod, bool attribute, CancellationToken cancellationToken)
    {
        var found = new HashSet<string>(StringComparer.Ordinal);
        string[] names = attribute ? [name, name + "Attribute"] : [name];
        foreach (var candidate in names)
        {
            AddFromSource(compilation, compilation, candidate, arity, extensionMethod, found, cancellationToken);
            foreach (var reference in compilation.References)
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (reference is CompilationReference { Compilation: CSharpCompilation other })
                {
                    AddFromSource(compilation, other, candidate, arity, extensionMethod, found, cancellationToken);
                }
                else if (compilation.GetAssemblyOrModuleSymbol(reference) is IAssemblySymbol assembly)
                {
                    var map = Metadata.GetValue(reference, _ => AssemblyNames.Read(assembly));
                    found.UnionWith((extensionMethod ? map.ExtensionMethods : map.Types).GetValueOrDefault(extensionMethod ? candidate : $"{candidate}`{arity}", []));
                }
            }
        }

        return found;
    }

    private static void AddFromSource(CSharpCompilation from, CSharpCompilation compilation, string name, int arity, bool extensionMethod, HashSet<string> found, CancellationToken cancellationToken)
    {
        foreach (var symbol in compilation.GetSymbolsWithName(name, extensionMethod ? SymbolFilter.Member : SymbolFilter.Type, cancellationToken))
        {
            var isFound = extensionMethod
                ? symbol is IMethodSymbol { IsExtensionMethod: true }
                : symbol is INamedTypeSymbol { ContainingType: null } type && type.Arity == arity;
            var isVisible = ReferenceEquals(from, compilation) || symbol.DeclaredAccessibility == Accessibility.Public || compilation.Assembly.GivesAccessTo(from.Assembly);
            if (isFound && isVisible && symbol.ContainingNamespace is { IsGlobalNamespace: false } space)
            {
                found.Add(space.ToDisplayString());
            }
        }
    }

    /// <summary>Public type names (as <c>Name`arity</c>) and extension method names of an assembly, with their namespaces.</summary>
    private sealed record AssemblyNames(Dictionary<string, ImmutableArray<string>> Types, Dictionary<string, ImmutableArray<string>> ExtensionMethods)
    {
        public static AssemblyNames Read(IAssemblySymbol assembly)
        {
            var names = new AssemblyNames([], []);
            var pending = new Stack<INamespaceSymbol>();
            pending.Push(assembly.GlobalNamespace);
            while (pending.TryPop(out var space))
            {
                var spaceName = space.IsGlobalNamespace ? string.Empty : space.ToDisplayString();
                foreach (var member in space.GetMembers())
                {
                    if (member is INamespaceSymbol nested)
                    {
                        pending.Push(nested);
                    }
                    else if (spaceName.Length > 0 && member is INamedTypeSymbol { DeclaredAccessibility: Accessibility.Public } type)
                    {
                        Add(names.Types, $"{type.Name}`{type.Arity}", spaceName);
                        foreach (var method in type.MightContainExtensionMethods ? type.GetMembers().OfType<IMethodSymbol>().Where(method => method.IsExtensionMethod) : [])
                        {
                            Add(names.ExtensionMethods, method.Name, spaceName);
                        }
                    }
                }
            }

            return names;
        }

        private static void Add(Dictionary<string, ImmutableArray<string>> map, string key, string space)
        {
            var spaces = map.GetValueOrDefault(key, []);
            if (!spaces.Contains(space))
            {
                map[key] = spaces.Add(space);
            }
        }
    }
}
