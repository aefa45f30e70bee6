using GptOss.CodeAssist.CSharpContext.Related.Lexical;
using GptOss.CodeAssist.CSharpContext.Related.Semantic;
using GptOss.CodeAssist.CSharpContext.Workspace;
using Microsoft.CodeAnalysis;

namespace GptOss.CodeAssist.CSharpContext.Related;

/// <summary>Finds what a model should know that the file does not say, from two sources at once: the types in scope, and code that looks alike.</summary>
/// <remarks>Safe from any thread. What one call has bound or looked up, the next finds ready; an answer cut short by its deadline is finished in the background.</remarks>
public sealed class RelatedCodeFinder(CSharpWorkspace workspace, TimeProvider? time = null)
{
    private const int MaximumOutlines = 120;
    private const int VocabularyGroup = 24;
    private const int MaximumNamedLike = 40;

    private readonly TimeProvider _time = time ?? TimeProvider.System;
    private int _isWarming;

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
        var place = CaretPlace.Find(document, caret, cancellationToken);
        if (place.IsInTrivia)
        {
            return RelatedCode.None;
        }

        var isLate = false;
        var (semantic, lexical) = (new List<RelatedItem>(), new List<RelatedItem>());
        var timings = new SourceTiming[2];
        // The two share nothing but the document, and the second core has nothing else to do for the user.
        Parallel.Invoke(
            new ParallelOptions { CancellationToken = cancellationToken },
            () => timings[0] = Measure("types", semantic, () => AddTypes(document, caret, place, semantic, IsLate, cancellationToken)),
            () => timings[1] = Measure("similar code", lexical, () => AddSimilarCode(document, caret, place, lexical, IsLate, cancellationToken)));
        if (isLate)
        {
            FinishInBackground(document, caret);
        }

        return new RelatedCode([.. semantic.Concat(lexical).DistinctBy(item => item.Key)], [.. timings], !isLate) { Scope = $"{document.Path}:{place.TypeName}:{place.MemberName}" };

        bool IsLate()
        {
            if (_time.GetElapsedTime(start) <= deadline)
            {
                return false;
            }

            isLate = true;
            return true;
        }

        SourceTiming Measure(string source, List<RelatedItem> items, Action work)
        {
            var begin = _time.GetTimestamp();
            work();
            return new SourceTiming(source, _time.GetElapsedTime(begin).TotalMilliseconds, items.Count);
        }
    }

    /// <summary>Binds and looks up what a caret here would ask for, so that the first keystroke finds it ready. For opened files and moved carets.</summary>
    public void WarmUp(CSharpDocument document, int caret, CancellationToken cancellationToken) => _ = Find(document, caret, TimeSpan.FromSeconds(5), cancellationToken);

    private void FinishInBackground(CSharpDocument document, int caret)
    {
        if (Interlocked.Exchange(ref _isWarming, 1) == 0)
        {
            _ = Task.Run(() =>
            {
                try
                {
                    WarmUp(document, caret, CancellationToken.None);
                }
                finally
                {
                    Volatile.Write(ref _isWarming, 0);
                }
            });
        }
    }

    private void AddTypes(CSharpDocument document, int caret, CaretPlace place, List<RelatedItem> items, Func<bool> isLate, CancellationToken cancellationToken)
    {
        if (document.Project is not { } project)
        {
            return;
        }

        var words = document.WordDistances(caret);
        var seeds = TypeSeeds.Collect(document, caret, words, isLate, cancellationToken);
        items.AddRange(Callees.Find(seeds));
        var likeness = Likeness.At(document, caret, place);
        var known = new Dictionary<string, double>(StringComparer.Ordinal);
        var count = 0;
        foreach (var seed in seeds.Seeds.Take(MaximumOutlines))
        {
            // The nearest few are told even when the time is up: they are what the answer is for.
            if (count >= 12 && isLate())
            {
                break;
            }

            var isOwn = seeds.ContainingType is { } containing && IsSameOrBase(seed.Type, containing);
            var outline = Outline.Of(seed.Type);
            if (outline.Write(document.Path, isOwn, Relevance) is var (brief, full))
            {
                items.Add(new RelatedItem(RelatedKind.TypeOutline, outline.DisplayName, outline.Paths.FirstOrDefault() ?? string.Empty, seed.Reason, 1.0 / (1 + count * 0.1), brief, full));
                count++;
            }
        }

        IReadOnlyList<DeclarationCatalog> catalogs = [project.Catalog, .. project.ReferencedCatalogs];
        if (seeds.ContainingType is { } type)
        {
            items.AddRange(WorkedExamples.Find(document, type, seeds.Member, catalogs, isLate, cancellationToken));
        }

        items.AddRange(ApplicableExtensions.Find(seeds.Receivers, catalogs, document.Path));

        // How usual a name is in the workspace, and how much it shares with the words around.
        double Relevance(string name)
        {
            if (!known.TryGetValue(name, out var relevance))
            {
                known[name] = relevance = Math.Log(1 + workspace.Index.FrequencyOf(name)) * 0.5 + 2 * likeness.Of(name);
            }

            return relevance;
        }
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

    private void AddSimilarCode(CSharpDocument document, int caret, CaretPlace place, List<RelatedItem> items, Func<bool> isLate, CancellationToken cancellationToken)
    {
        IReadOnlyList<DeclarationCatalog> catalogs = document.Project is { } project ? [project.Catalog, .. project.ReferencedCatalogs] : [];
        bool IsProjectName(string word) => catalogs.Count == 0 || catalogs.Any(catalog => catalog.Declares(word));
        var parts = place.Words.SelectMany(Words.PartsOf).ToHashSet(StringComparer.Ordinal);
        List<string> namedLike = [.. catalogs.SelectMany(catalog => catalog.TypesNamedLike(parts, MaximumNamedLike)).Take(2 * MaximumNamedLike)];
        var (snippets, vocabulary) = SimilarCode.Find(
            workspace.Index, document.Text, document.Path, caret, document.WordDistances(caret), place.Words, namedLike, IsProjectName, Likeness.At(document, caret, place).Of, isLate, cancellationToken);
        items.AddRange(snippets);
        for (var first = 0; first < vocabulary.Count; first += VocabularyGroup)
        {
            var names = "// see also: " + string.Join(", ", vocabulary.Skip(first).Take(VocabularyGroup));
            items.Add(new RelatedItem(RelatedKind.Vocabulary, $"names {first / VocabularyGroup + 1}", string.Empty, "names used in similar code", 1.0 / (2 + first), names));
        }
    }
}
