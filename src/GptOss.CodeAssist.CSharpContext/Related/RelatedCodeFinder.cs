using GptOss.CodeAssist.CSharpContext.Related.Lexical;
using GptOss.CodeAssist.CSharpContext.Related.Semantic;
using GptOss.CodeAssist.CSharpContext.Workspace;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace GptOss.CodeAssist.CSharpContext.Related;

/// <summary>Finds what a model should know that the file does not say.</summary>
public sealed class RelatedCodeFinder(CSharpWorkspace workspace, TimeProvider? time = null)
{
    private readonly TimeProvider _time = time ?? TimeProvider.System;

    /// <summary>Related code for a caret. Returns what is ready when the deadline passes.</summary>
    /// <param name="document">The document.</param>
    /// <param name="caret">Offset in its text, in UTF-16 units.</param>
    /// <param name="deadline">How long it may take; 30 ms is the usual.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    public RelatedCode Find(CSharpDocument document, int caret, TimeSpan deadline, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(document);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(caret, document.Text.Length);
        var start = _time.GetTimestamp();
        if (IsInTrivia(document, caret, cancellationToken))
        {
            return RelatedCode.None;
        }

        var timings = new List<SourceTiming>();
        var items = new List<RelatedItem>();
        var words = document.WordDistances(caret);
        var seeds = Measure("types", () => TypeSeeds.Collect(document, caret, words, () => IsPast(0.5), cancellationToken));
        var likeness = LikenessAt(document, caret, seeds);
        var known = new Dictionary<string, double>(StringComparer.Ordinal);
        Measure("outlines", () => AddOutlines(document, seeds, Relevance, items, () => IsPast(0.7)));
        Measure("examples", () => AddExamples(document, seeds, items, () => IsPast(0.75), cancellationToken));
        Measure("similar code", () => AddSimilarCode(document, caret, seeds, likeness, words, items, () => IsPast(1.0), cancellationToken));
        var isComplete = !IsPast(1.0);
        return new RelatedCode([.. items.DistinctBy(item => item.Key)], [.. timings], isComplete) { Scope = $"{document.Path}:{seeds.ContainingType?.ToDisplayString()}:{seeds.Member?.ToDisplayString()}" };

        double Relevance(string name)
        {
            // How usual it is in the workspace, and how much it shares with the words around.
            if (!known.TryGetValue(name, out var relevance))
            {
                known[name] = relevance = Math.Log(1 + workspace.Index.FrequencyOf(name)) * 0.5 + 2 * likeness(name);
            }

            return relevance;
        }

        bool IsPast(double share) => _time.GetElapsedTime(start) > deadline * share;

        T Measure<T>(string source, Func<T> work)
        {
            var begin = _time.GetTimestamp();
            var before = items.Count;
            var result = work();
            timings.Add(new SourceTiming(source, _time.GetElapsedTime(begin).TotalMilliseconds, items.Count - before));
            return result;
        }
    }

    private static bool IsInTrivia(CSharpDocument document, int caret, CancellationToken cancellationToken)
    {
        var trivia = document.Tree.GetRoot(cancellationToken).FindTrivia(caret > 0 ? caret - 1 : 0);
        return trivia.Kind() is SyntaxKind.SingleLineCommentTrivia or SyntaxKind.MultiLineCommentTrivia or SyntaxKind.DisabledTextTrivia;
    }

    /// <summary>How much a name shares with the words around the caret, from 0 to 1.</summary>
    private static Func<string, double> LikenessAt(CSharpDocument document, int caret, TypeSeeds seeds)
    {
        var parts = new Dictionary<string, double>(StringComparer.Ordinal);
        var text = document.Text;
        var current = text.Lines.GetLineFromPosition(caret).LineNumber;
        for (var line = Math.Max(0, current - 10); line <= Math.Min(text.Lines.Count - 1, current + 4); line++)
        {
            var content = text.Lines[line].ToString();
            foreach (var range in Words.Find(content))
            {
                foreach (var part in Words.PartsOf(content[range]))
                {
                    parts[part] = Math.Max(parts.GetValueOrDefault(part), 1.0 / (1 + Math.Abs(line - current) * 0.3));
                }
            }
        }

        foreach (var part in seeds.Member is null ? [] : Words.PartsOf(seeds.Member.Name))
        {
            parts[part] = 1;
        }

        return name => Words.PartsOf(name).Select(part => parts.GetValueOrDefault(part)).DefaultIfEmpty(0).Average();
    }

    private static int AddOutlines(CSharpDocument document, TypeSeeds seeds, Func<string, double> relevance, List<RelatedItem> items, Func<bool> isLate)
    {
        var count = 0;
        foreach (var seed in seeds.Seeds.Take(120))
        {
            if (isLate())
            {
                break;
            }

            var isOwn = seeds.ContainingType is { } containing && IsSameOrBase(seed.Type, containing);
            var outline = Outline.Of(seed.Type);
            if (outline.Write(document.Path, isOwn, relevance) is var (brief, full))
            {
                items.Add(new RelatedItem(RelatedKind.TypeOutline, outline.DisplayName, outline.Paths.FirstOrDefault() ?? string.Empty, seed.Reason, 1.0 / (1 + count * 0.1), brief, full));
                count++;
            }
        }

        return count;
    }

    private static bool IsSameOrBase(INamedTypeSymbol type, INamedTypeSymbol containing)
    {
        for (var (current, depth) = ((INamedTypeSymbol?)containing, 0); current is not null && depth < 20; current = current.BaseType, depth++)
        {
            if (SymbolEqualityComparer.Default.Equals(current.OriginalDefinition, type))
            {
                return true;
            }
        }

        return false;
    }

    private static int AddExamples(CSharpDocument document, TypeSeeds seeds, List<RelatedItem> items, Func<bool> isLate, CancellationToken cancellationToken)
    {
        if (document.Project is not { } project)
        {
            return 0;
        }

        IReadOnlyList<DeclarationCatalog> catalogs = [project.Catalog, .. project.ReferencedCatalogs];
        if (seeds.ContainingType is { } containing)
        {
            items.AddRange(WorkedExamples.Find(document, containing, seeds.Member, catalogs, isLate, cancellationToken));
        }

        items.AddRange(ApplicableExtensions.Find(seeds.Receivers, catalogs, document.Path));
        return items.Count;
    }

    private int AddSimilarCode(CSharpDocument document, int caret, TypeSeeds seeds, Func<string, double> likeness, IReadOnlyDictionary<string, int> words, List<RelatedItem> items, Func<bool> isLate, CancellationToken cancellationToken)
    {
        var extra = new List<string>();
        if (seeds.Member is not null)
        {
            extra.Add(seeds.Member.Name);
        }

        if (seeds.ContainingType is { } containing)
        {
            extra.Add(containing.Name);
            extra.AddRange(containing.Interfaces.Select(contract => contract.Name));
            if (containing.BaseType is { SpecialType: SpecialType.None } baseType)
            {
                extra.Add(baseType.Name);
            }
        }

        IReadOnlyList<DeclarationCatalog> catalogs = document.Project is { } project ? [project.Catalog, .. project.ReferencedCatalogs] : [];
        bool IsProjectName(string word) => catalogs.Count == 0 || catalogs.Any(catalog => catalog.Declares(word));
        var (snippets, vocabulary) = SimilarCode.Find(workspace.Index, document.Text, document.Path, caret, words, extra, IsProjectName, likeness, isLate, cancellationToken);
        items.AddRange(snippets);
        const int Group = 24;
        for (var first = 0; first < vocabulary.Count; first += Group)
        {
            var names = "// see also: " + string.Join(", ", vocabulary.Skip(first).Take(Group));
            items.Add(new RelatedItem(RelatedKind.Vocabulary, $"names {first / Group + 1}", string.Empty, "names used in similar code", 1.0 / (2 + first), names));
        }

        return items.Count;
    }
}
