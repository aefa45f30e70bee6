using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace GptOss.CodeAssist.CSharpContext.Related;

/// <summary>Whether code of a file can mean anything that another file of the workspace declares.</summary>
internal static class ProjectInReach
{
    /// <summary>Asked at every keystroke for the same compiled file.</summary>
    private static readonly ConditionalWeakTable<Compilation, ConcurrentDictionary<SyntaxTree, bool>> Known = [];

    /// <summary>The names in the project's global usings: read from all its files, once.</summary>
    private static readonly ConditionalWeakTable<Compilation, HashSet<string>> GlobalUsings = [];

    /// <summary>
    /// True unless everything that is declared elsewhere, in its project and in those that it references, lies in namespaces whose first name
    /// the file neither shares nor says: what is qualified from within <c>A.B</c> may be anywhere in <c>A</c>.
    /// </summary>
    public static bool Any(Compilation compilation, SyntaxTree tree, CancellationToken cancellationToken) =>
        Known.GetOrCreateValue(compilation).GetOrAdd(tree, _ => Find(compilation, tree, cancellationToken));

    /// <summary>The same where it has been asked before; null where not.</summary>
    public static bool? FindKnown(Compilation compilation, SyntaxTree tree) => Known.TryGetValue(compilation, out var trees) && trees.TryGetValue(tree, out var isAny) ? isAny : null;

    private static bool Find(Compilation compilation, SyntaxTree tree, CancellationToken cancellationToken)
    {
        var words = tree.GetRoot(cancellationToken).DescendantTokens().Where(token => token.IsKind(SyntaxKind.IdentifierToken)).Select(token => token.ValueText).ToHashSet(StringComparer.Ordinal);
        words.UnionWith(GlobalUsings.GetValue(compilation, static compilation =>
            [.. compilation.SyntaxTrees.Select(other => other.GetRoot()).OfType<CompilationUnitSyntax>().SelectMany(unit => unit.Usings).Where(directive => directive.GlobalKeyword.IsKind(SyntaxKind.GlobalKeyword))
                .SelectMany(directive => directive.DescendantTokens()).Where(token => token.IsKind(SyntaxKind.IdentifierToken)).Select(token => token.ValueText)]));
        var assemblies = compilation.References.OfType<CompilationReference>().Select(compilation.GetAssemblyOrModuleSymbol).OfType<IAssemblySymbol>().Prepend(compilation.Assembly);
        return assemblies.Any(assembly => assembly.GlobalNamespace.GetTypeMembers().Any(IsElsewhere)
            || assembly.GlobalNamespace.GetNamespaceMembers().Any(space => words.Contains(space.Name) && HasTypeElsewhere(space)));

        bool HasTypeElsewhere(INamespaceSymbol space)
        {
            cancellationToken.ThrowIfCancellationRequested();
            return space.GetTypeMembers().Any(IsElsewhere) || space.GetNamespaceMembers().Any(HasTypeElsewhere);
        }

        bool IsElsewhere(INamedTypeSymbol type) => type.Locations.Any(location => location.IsInSource && location.SourceTree != tree);
    }
}
