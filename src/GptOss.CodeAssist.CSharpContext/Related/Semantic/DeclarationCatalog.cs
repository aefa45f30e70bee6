using System.Collections.Immutable;
using GptOss.CodeAssist.CSharpContext.Related.Lexical;
using Microsoft.CodeAnalysis;

namespace GptOss.CodeAssist.CSharpContext.Related.Semantic;

/// <summary>Who declares what in a project, by name: answers in microseconds what the compilation would answer by walking all its declarations.</summary>
/// <remarks>Immutable. Made when the project is compiled; a changed file replaces its part.</remarks>
internal sealed class DeclarationCatalog
{
    public static readonly DeclarationCatalog Empty = new(ImmutableDictionary<string, FileDeclarations>.Empty);

    /// <summary>A part that more types share says nothing about any of them.</summary>
    private const int MaximumTypesOfPart = 120;

    private readonly ImmutableDictionary<string, FileDeclarations> _files;
    private readonly Lazy<HashSet<string>> _names;
    private readonly Lazy<ILookup<string, DeclaredType>> _byName;
    private readonly Lazy<ILookup<string, DeclaredType>> _byBase;
    private readonly Lazy<ILookup<string, DeclaredExtension>> _extensions;
    private readonly Lazy<Dictionary<string, HashSet<string>>> _byPart;

    private DeclarationCatalog(ImmutableDictionary<string, FileDeclarations> files)
    {
        _files = files;
        _names = new(() => [.. files.Values.SelectMany(file => file.Names)]);
        _byName = new(() => files.Values.SelectMany(file => file.Types).ToLookup(type => type.Name, StringComparer.Ordinal));
        _byBase = new(() => files.Values.SelectMany(file => file.Types).SelectMany(type => type.Bases.Select(name => (name, type))).ToLookup(pair => pair.name, pair => pair.type, StringComparer.Ordinal));
        _extensions = new(() => files.Values.SelectMany(file => file.Extensions).ToLookup(extension => extension.Receiver, StringComparer.Ordinal));
        _byPart = new(() => files.Values.SelectMany(file => file.Types).Select(type => type.Name).Distinct().SelectMany(name => Words.PartsOf(name).Select(Singular).Distinct().Select(part => (part, name)))
            .GroupBy(pair => pair.part, StringComparer.Ordinal).ToDictionary(group => group.Key, group => group.Select(pair => pair.name).ToHashSet(StringComparer.Ordinal), StringComparer.Ordinal));
    }

    public static DeclarationCatalog Read(IEnumerable<SyntaxTree> trees, CancellationToken cancellationToken)
    {
        var files = trees.AsParallel().WithCancellation(cancellationToken).Select(tree => FileDeclarations.Read(tree, cancellationToken)).ToList();
        return new DeclarationCatalog(files.DistinctBy(file => file.Path, CompiledProject.PathComparer).ToImmutableDictionary(file => file.Path, CompiledProject.PathComparer)).Prepared();
    }

    public DeclarationCatalog With(SyntaxTree tree, CancellationToken cancellationToken) => new DeclarationCatalog(_files.SetItem(tree.FilePath, FileDeclarations.Read(tree, cancellationToken))).Prepared();

    public bool Declares(string name) => _names.Value.Contains(name);

    public IEnumerable<DeclaredType> TypesNamed(string name) => _byName.Value[name];

    public IEnumerable<DeclaredType> TypesWithBase(string simpleName) => _byBase.Value[simpleName];

    public IEnumerable<DeclaredExtension> ExtensionsOf(string simpleName) => _extensions.Value[simpleName];

    /// <summary>Types whose names share rare parts with some words, best first.</summary>
    public IEnumerable<string> TypesNamedLike(IReadOnlyCollection<string> parts, int limit)
    {
        var scores = new Dictionary<string, double>(StringComparer.Ordinal);
        var total = Math.Max(1, _byPart.Value.Count);
        foreach (var part in parts.Select(Singular).Distinct())
        {
            if (_byPart.Value.TryGetValue(part, out var names) && names.Count <= MaximumTypesOfPart)
            {
                foreach (var name in names)
                {
                    scores[name] = scores.GetValueOrDefault(name) + Math.Log(1.0 + total / (double)names.Count);
                }
            }
        }

        return scores.OrderByDescending(entry => entry.Value).ThenBy(entry => entry.Key.Length).ThenBy(entry => entry.Key, StringComparer.Ordinal).Take(limit).Select(entry => entry.Key);
    }

    /// <summary>Made now, in the background, and not by the first keystroke.</summary>
    private DeclarationCatalog Prepared()
    {
        _ = _names.Value;
        _ = _byName.Value;
        _ = _byBase.Value;
        _ = _extensions.Value;
        _ = _byPart.Value;
        return this;
    }

    private static string Singular(string part) => part.Length > 4 && part.EndsWith('s') && !part.EndsWith("ss", StringComparison.Ordinal) ? part[..^1] : part;
}
