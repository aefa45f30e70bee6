using GptOss.CodeAssist.CSharpContext;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;

namespace GptOss.CodeAssist.Assistant.Completion;

/// <summary>The syntax trees of the documents that were completed last, so that a keystroke is parsed and not the file.</summary>
/// <remarks>May be called from any thread.</remarks>
internal sealed class ParsedDocuments(ICompletionWorkspace workspace)
{
    private const int MaxDocuments = 32;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, SyntaxTree> _trees = new(StringComparer.Ordinal);

    /// <summary>A document's text, parsed.</summary>
    /// <param name="text">The text to parse: the document's, or a variant of it.</param>
    public CSharpDocument Parse(DocumentSnapshot document, SourceText text, CancellationToken cancellationToken)
    {
        var path = document.Path;
        var project = workspace.FindProject(document);
        var last = FindTree(path);
        if (last is null || (project is not null && !last.Options.Equals(project.ParseOptions)))
        {
            var parsed = CSharpDocument.Parse(path, text, project, cancellationToken);
            Remember(path, parsed.Tree);
            return parsed;
        }

        var tree = last.TryGetText(out var known) && ReferenceEquals(known, text) ? last : last.WithChangedText(text);
        Remember(path, tree);
        return new CSharpDocument(path, tree, text, project);
    }

    private SyntaxTree? FindTree(string path)
    {
        lock (_lock)
        {
            return _trees.GetValueOrDefault(path);
        }
    }

    private void Remember(string path, SyntaxTree tree)
    {
        lock (_lock)
        {
            if (_trees.Count >= MaxDocuments && !_trees.ContainsKey(path))
            {
                _trees.Clear();
            }

            _trees[path] = tree;
        }
    }
}
