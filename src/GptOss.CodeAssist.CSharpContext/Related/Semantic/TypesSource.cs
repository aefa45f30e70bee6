using GptOss.CodeAssist.CSharpContext.Caret;
using GptOss.CodeAssist.CSharpContext.Workspace;
using Microsoft.CodeAnalysis;

namespace GptOss.CodeAssist.CSharpContext.Related.Semantic;

/// <summary>What the types around a caret have: outlines, the callee's overloads, worked examples, extension methods.</summary>
internal sealed class TypesSource(CSharpWorkspace workspace) : IRelatedSource
{
    private const int MaximumOutlines = 120;

    /// <summary>The nearest few are told even when the time is up: they are what the answer is for.</summary>
    private const int AlwaysTold = 12;

    private int _turn;

    public string Name => "types";

    /// <summary>Ends when what the next keystrokes may ask for is listed.</summary>
    public Task Listing { get; private set; } = Task.CompletedTask;

    public string? Find(RelatedRequest request, Action<RelatedItem> add, Func<bool> isLate, CancellationToken cancellationToken)
    {
        var document = request.Document;
        if (document.Project is not { } project)
        {
            return workspace.FindProblem(document.Path);
        }

        if (project.ReferencesComplete && document.CompiledTree is { } tree && !ProjectInReach.Any(project.Compilation, tree, cancellationToken))
        {
            return ContextNeed.NothingInReach;
        }

        var seeds = TypeSeeds.Collect(document, request.Caret, request.Words, workspace.Index.FrequencyOf, isLate, cancellationToken);
        AddAll(Callees.Find(seeds));
        var likeness = request.NewLikeness();
        var count = 0;
        foreach (var seed in seeds.Seeds.Take(MaximumOutlines))
        {
            if (count >= AlwaysTold && isLate())
            {
                break;
            }

            var isOwn = seeds.ContainingType is { } containing && IsSameOrBase(seed.Type, containing);
            var outline = Outline.Of(seed.Type);
            if (outline.Write(document.Path, isOwn, Relevance) is var (header, names, full))
            {
                add(new RelatedItem(RelatedKind.TypeOutline, outline.DisplayName, outline.Paths.FirstOrDefault() ?? string.Empty, seed.Reason.ToString(), 1.0 / (1 + count * 0.1), header, names, full));
                count++;
            }
        }

        IReadOnlyList<DeclarationCatalog> catalogs = [project.Catalog, .. project.ReferencedCatalogs];
        if (seeds.ContainingType is { } type)
        {
            AddAll(WorkedExamples.Find(document, type, seeds.Member, catalogs, isLate, cancellationToken));
        }

        AddAll(ApplicableExtensions.Find(seeds.Receivers, catalogs, document.Path));
        if (request.IsAhead)
        {
            Listing = ListAheadAsync(document, request.Caret, seeds.Receivers);
        }

        return document.CompiledTree is null ? $"{Path.GetFileName(document.Path)} is not part of its project's compilation yet." : null;

        void AddAll(IEnumerable<RelatedItem> items)
        {
            foreach (var item in items)
            {
                add(item);
            }
        }

        // How usual a name is in the workspace, and how much it shares with the words around.
        double Relevance(string name) => Math.Log(1 + workspace.Index.FrequencyOf(name)) * 0.5 + 2 * likeness.Of(name);
    }

    /// <summary>Whoever types here will want to know what may follow a dot. The answer does not wait for it, and a newer place puts an end to it.</summary>
    private Task ListAheadAsync(CSharpDocument document, int caret, IReadOnlyList<ITypeSymbol> receivers)
    {
        var turn = Interlocked.Increment(ref _turn);
        return Task.Run(() =>
        {
            try
            {
                CaretOptions.WarmUp(document, caret, receivers, () => Volatile.Read(ref _turn) != turn);
            }
            catch (Exception exception) when (exception is ArgumentException or InvalidOperationException or NullReferenceException)
            {
                // dotnet/roslyn#70575; the list is made when it is asked for.
            }
        });
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
}
