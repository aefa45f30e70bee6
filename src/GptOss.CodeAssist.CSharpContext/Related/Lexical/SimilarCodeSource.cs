using GptOss.CodeAssist.CSharpContext.Related.Semantic;
using GptOss.CodeAssist.CSharpContext.Workspace;

namespace GptOss.CodeAssist.CSharpContext.Related.Lexical;

/// <summary>Code of the workspace that resembles what stands around a caret, and the project's names in it.</summary>
internal sealed class SimilarCodeSource(CSharpWorkspace workspace) : IRelatedSource
{
    private const int MaximumNamedLike = 40;

    public string Name => "similar code";

    public string? Find(RelatedRequest request, Action<RelatedItem> add, Func<bool> isLate, CancellationToken cancellationToken)
    {
        var document = request.Document;
        IReadOnlyList<DeclarationCatalog> catalogs = document.Project is { } project ? [project.Catalog, .. project.ReferencedCatalogs] : [];
        bool IsProjectName(string word) => catalogs.Count == 0 || catalogs.Any(catalog => catalog.Declares(word));
        var parts = request.Place.Words.SelectMany(Words.PartsOf).ToHashSet(StringComparer.Ordinal);
        List<string> namedLike = [.. catalogs.SelectMany(catalog => catalog.TypesNamedLike(parts, MaximumNamedLike)).Take(2 * MaximumNamedLike)];
        var (snippets, vocabulary) = SimilarCode.Find(
            workspace.Index, document.Text, document.Path, request.Caret, request.Words, request.Place.Words, namedLike, IsProjectName, request.NewLikeness().Of, isLate, cancellationToken);
        foreach (var snippet in snippets)
        {
            add(snippet);
        }

        if (vocabulary.Count > 0)
        {
            add(new RelatedItem(RelatedKind.Vocabulary, "names", string.Empty, "names used in similar code", 0.5, "// see also:", [.. vocabulary], null));
        }

        return workspace.IsIndexed ? null : "The workspace is still being indexed.";
    }
}
