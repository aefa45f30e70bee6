using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Formatting;
using Microsoft.CodeAnalysis.Options;
using Microsoft.CodeAnalysis.Simplification;
using Microsoft.CodeAnalysis.Text;

namespace GptOss.CodeAssist.CSharpContext.Edits;

/// <summary>Tidies what an edit has changed, and nothing else: a line that is as it was keeps its author's hand.</summary>
internal static class TouchedCode
{
    /// <summary>Formats the changed lines, and shortens the qualified type names in them that the file's usings make needless.</summary>
    /// <param name="before">The document as it was.</param>
    /// <param name="after">The document with the edit.</param>
    /// <param name="options">How the file is indented and where its lines end.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    public static async Task<Document> TidyAsync(Document before, Document after, OptionSet options, CancellationToken cancellationToken)
    {
        var touched = await FindAsync(before, after, cancellationToken);
        if (touched.IsEmpty || await after.GetSyntaxRootAsync(cancellationToken) is not { } root)
        {
            return after;
        }

        var names = root.DescendantNodes()
            .OfType<QualifiedNameSyntax>()
            .Where(name => name.Parent is not QualifiedNameSyntax && name.FirstAncestorOrSelf<UsingDirectiveSyntax>() is null && touched.Any(span => span.Contains(name.Span)))
            .ToList();
        var marked = after.WithSyntaxRoot(root.ReplaceNodes(names, (_, name) => name.WithAdditionalAnnotations(Simplifier.Annotation)));
        // Formatted first: shortening moves what follows.
        var formatted = await Formatter.FormatAsync(marked, touched, options, cancellationToken);
        return names.Count == 0 ? formatted : await Simplifier.ReduceAsync(formatted, Simplifier.Annotation, options, cancellationToken);
    }

    /// <summary>The lines of the newer text that the older has nowhere, as spans.</summary>
    private static async Task<ImmutableArray<TextSpan>> FindAsync(Document before, Document after, CancellationToken cancellationToken)
    {
        var known = (await before.GetTextAsync(cancellationToken)).Lines.Select(line => line.ToString()).ToHashSet(StringComparer.Ordinal);
        var text = await after.GetTextAsync(cancellationToken);
        return [.. text.Lines.Where(line => line.Span.Length > 0 && !known.Contains(line.ToString())).Select(line => line.Span)];
    }
}
