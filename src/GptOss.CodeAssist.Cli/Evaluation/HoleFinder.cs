using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace GptOss.CodeAssist.Cli.Evaluation;

/// <summary>Finds places in real code where a person could have asked for a completion.</summary>
internal static class HoleFinder
{
    private const int MaxBodyLines = 12;

    /// <summary>One hole in a file, chosen by <paramref name="random"/>; null where the file has none of this kind.</summary>
    public static HeldOut? Find(SyntaxTree tree, HoleKind kind, Random random)
    {
        var text = tree.GetText();
        var root = tree.GetRoot();
        var spans = kind switch
        {
            HoleKind.Line => FindLineRests(root, text, random),
            HoleKind.Statement => root.DescendantNodes().OfType<BlockSyntax>().SelectMany(block => block.Statements).Select(statement => statement.Span),
            _ => root.DescendantNodes().OfType<BaseMethodDeclarationSyntax>().Select(method => method.Body).OfType<BlockSyntax>()
                .Where(body => body.Statements.Count > 0).Select(body => TextSpan.FromBounds(body.Statements[0].SpanStart, body.Statements[^1].Span.End)),
        };
        var usable = spans.Where(span => !span.IsEmpty && IsWithinLines(text, span)).ToList();
        return usable.Count == 0 ? null : new HeldOut(tree.FilePath, text, usable[random.Next(usable.Count)]);
    }

    /// <summary>For each line of code with several tokens, what follows one of them.</summary>
    private static IEnumerable<TextSpan> FindLineRests(SyntaxNode root, SourceText text, Random random)
    {
        var lines = root.DescendantTokens()
            .Where(token => !token.Span.IsEmpty && token.Parent?.FirstAncestorOrSelf<UsingDirectiveSyntax>() is null)
            .GroupBy(token => text.Lines.GetLineFromPosition(token.SpanStart).LineNumber);
        foreach (var line in lines)
        {
            var tokens = line.ToList();
            var lineEnd = text.Lines[line.Key].End;
            var after = tokens[random.Next(tokens.Count)];
            var start = after.Span.End + after.TrailingTrivia.TakeWhile(trivia => trivia.IsKind(SyntaxKind.WhitespaceTrivia)).Sum(trivia => trivia.Span.Length);
            var rest = TextSpan.FromBounds(Math.Min(start, lineEnd), lineEnd);
            var trimmed = text.ToString(rest).TrimEnd();
            if (after != tokens[^1] && tokens[^1].Span.End <= lineEnd && trimmed.Length > 1)
            {
                yield return new TextSpan(rest.Start, trimmed.Length);
            }
        }
    }

    private static bool IsWithinLines(SourceText text, TextSpan span)
    {
        var lines = text.Lines.GetLinePositionSpan(span);
        return lines.End.Line - lines.Start.Line < MaxBodyLines;
    }
}
