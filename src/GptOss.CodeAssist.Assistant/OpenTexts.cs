using Microsoft.CodeAnalysis;

namespace GptOss.CodeAssist.Assistant;

/// <summary>Puts what an editor shows over what a solution has read from disk.</summary>
internal static class OpenTexts
{
    /// <summary>A fork with the snapshots' texts; a file of several target frameworks is several documents.</summary>
    public static Solution WithOpenTexts(this Solution solution, IEnumerable<DocumentSnapshot> snapshots)
    {
        foreach (var snapshot in snapshots)
        {
            foreach (var id in solution.GetDocumentIdsWithFilePath(snapshot.Path))
            {
                if (solution.GetDocument(id) is { } document && !(document.TryGetText(out var known) && ReferenceEquals(known, snapshot.Text)))
                {
                    solution = solution.WithDocumentText(id, snapshot.Text);
                }
            }
        }

        return solution;
    }
}
