using System.Collections.Concurrent;
using System.Collections.Immutable;
using GptOss.CodeAssist.CSharpContext.Gate;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace GptOss.CodeAssist.CSharpContext;

/// <summary>A project's compilation at one moment, and how far it can be trusted.</summary>
public sealed class CompiledProject
{
    private readonly ImmutableDictionary<string, SyntaxTree> _trees;
    private readonly ConcurrentDictionary<string, ImmutableArray<INamedTypeSymbol>> _declaredTypes = new(StringComparer.Ordinal);
    private bool? _hasUnresolvedGlobalUsings;

    public CompiledProject(CSharpCompilation compilation, bool referencesComplete, bool generatorsRan)
        : this(
            compilation,
            compilation.SyntaxTrees.Where(tree => tree.FilePath.Length > 0).GroupBy(tree => tree.FilePath, PathComparer).ToImmutableDictionary(group => group.Key, group => group.First(), PathComparer),
            referencesComplete,
            generatorsRan)
    {
    }

    private CompiledProject(CSharpCompilation compilation, ImmutableDictionary<string, SyntaxTree> trees, bool referencesComplete, bool generatorsRan)
    {
        Compilation = compilation;
        _trees = trees;
        ReferencesComplete = referencesComplete;
        GeneratorsRan = generatorsRan;
    }

    /// <summary>What the project declares, by name.</summary>
    internal Related.Semantic.DeclarationCatalog Catalog { get; init; } = Related.Semantic.DeclarationCatalog.Empty;

    /// <summary>The same for the projects that this one references.</summary>
    internal ImmutableArray<Related.Semantic.DeclarationCatalog> ReferencedCatalogs { get; init; } = [];

    /// <summary>Whether a word stands anywhere in the workspace; true for all while nobody has counted.</summary>
    internal Func<string, bool> IsWordUsed { get; init; } = _ => true;

    /// <summary>How paths are compared on this system.</summary>
    public static StringComparer PathComparer { get; } = OperatingSystem.IsLinux() ? StringComparer.Ordinal : StringComparer.OrdinalIgnoreCase;

    public CSharpCompilation Compilation { get; }

    /// <summary>Whether every package and project that the project names was found; where not, an unknown name proves nothing.</summary>
    public bool ReferencesComplete { get; }

    /// <summary>Whether source generators' output is part of the compilation; where not, a partial type may have members that nobody sees.</summary>
    public bool GeneratorsRan { get; }

    public CSharpParseOptions ParseOptions => Compilation.SyntaxTrees.FirstOrDefault()?.Options as CSharpParseOptions ?? CSharpParseOptions.Default;

    public SyntaxTree? FindTree(string path) => _trees.GetValueOrDefault(path);

    /// <summary>
    /// What the compiler knows about names and types of a file, without its analysis of null: for one name that would look at the whole member,
    /// a second for a thousand lines, and who completes code reads none of its warnings.
    /// </summary>
    internal SemanticModel ModelOf(SyntaxTree tree)
    {
#pragma warning disable RSEXPERIMENTAL001 // The option may change its shape with a version of Roslyn, which is pinned; Roslyn's own completion uses it.
        return Compilation.GetSemanticModel(tree, SemanticModelOptions.DisableNullableAnalysis);
#pragma warning restore RSEXPERIMENTAL001
    }

    /// <summary>The project's own types of a name, each once. The compilation would walk all its declarations for it.</summary>
    internal ImmutableArray<INamedTypeSymbol> FindDeclaredTypes(string name, CancellationToken cancellationToken) => _declaredTypes.GetOrAdd(name, _ =>
        [.. Catalog.TypesNamed(name)
            .Where(type => Compilation.ContainsSyntaxTree(type.Tree))
            .Select(type => type.FindSyntax(cancellationToken) is { } syntax ? ModelOf(type.Tree).GetDeclaredSymbol(syntax, cancellationToken) : null)
            .OfType<INamedTypeSymbol>()
            .Distinct<INamedTypeSymbol>(SymbolEqualityComparer.Default)]);

    /// <summary>A fork in which one file has another text. Cheap to make; what it is asked is bound anew.</summary>
    internal CompiledProject WithTree(SyntaxTree? replaced, SyntaxTree tree)
    {
        var compilation = replaced is null ? Compilation.AddSyntaxTrees(tree) : Compilation.ReplaceSyntaxTree(replaced, tree);
        return new CompiledProject(compilation, _trees.SetItem(tree.FilePath, tree), ReferencesComplete, GeneratorsRan)
        {
            _hasUnresolvedGlobalUsings = _hasUnresolvedGlobalUsings,
            Catalog = Catalog,
            ReferencedCatalogs = ReferencedCatalogs,
            IsWordUsed = IsWordUsed,
        };
    }

    /// <summary>
    /// The same project for whoever asks for errors alone: without the analysis of null, which finds only warnings. Messages name types without
    /// their question marks, so that errors are compared with those of another such project only.
    /// </summary>
    internal CompiledProject ForErrors() => Compilation.Options.NullableContextOptions == NullableContextOptions.Disable
        ? this
        : WithCompilation(Compilation.WithOptions(Compilation.Options.WithNullableContextOptions(NullableContextOptions.Disable)));

    /// <summary>A fork without one of the files.</summary>
    internal CompiledProject WithoutTree(SyntaxTree tree) =>
        new(Compilation.RemoveSyntaxTrees(tree), _trees.Remove(tree.FilePath), ReferencesComplete, GeneratorsRan) { Catalog = Catalog, ReferencedCatalogs = ReferencedCatalogs, IsWordUsed = IsWordUsed };

    internal CompiledProject WithCatalog(Related.Semantic.DeclarationCatalog catalog) =>
        new(Compilation, _trees, ReferencesComplete, GeneratorsRan) { _hasUnresolvedGlobalUsings = _hasUnresolvedGlobalUsings, Catalog = catalog, ReferencedCatalogs = ReferencedCatalogs, IsWordUsed = IsWordUsed };

    /// <summary>Whether a <c>global using</c> of the project names nothing known. Asked once; a fork of one file inherits the answer.</summary>
    internal bool HasUnresolvedGlobalUsings(CancellationToken cancellationToken)
    {
        return _hasUnresolvedGlobalUsings ??= Compilation.SyntaxTrees.Any(tree =>
            tree.GetRoot(cancellationToken) is CompilationUnitSyntax unit
            && unit.Usings.Any(directive => directive.GlobalKeyword.IsKind(SyntaxKind.GlobalKeyword))
            && UnresolvedUsings.Any(Compilation, tree, cancellationToken));
    }

    internal CompiledProject WithCompilation(CSharpCompilation compilation) =>
        new(compilation, _trees, ReferencesComplete, GeneratorsRan) { Catalog = Catalog, ReferencedCatalogs = ReferencedCatalogs, IsWordUsed = IsWordUsed };
}
