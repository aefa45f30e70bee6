using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace GptOss.CodeAssist.CSharpContext.Gate;

/// <summary>The longest part of a candidate that adds no syntax error to the document, with the closers it lacks.</summary>
/// <param name="Document">The document with the part in it.</param>
/// <param name="Length">How many UTF-16 units of the candidate are kept.</param>
/// <param name="Closers">What was added after the kept part.</param>
internal sealed record SyntaxCut(CSharpDocument Document, int Length, string Closers)
{
    /// <summary>Each attempt is an incremental parse of well under a millisecond; this bounds a pathological candidate.</summary>
    private const int MaximumAttempts = 24;

    /// <summary>The longest acceptable part of at most <paramref name="limit"/> UTF-16 units, or null where there is none.</summary>
    public static SyntaxCut? FindLongest(CSharpDocument document, GateCandidate candidate, int limit, CancellationToken cancellationToken)
    {
        var baseline = CountErrors(document.Tree, cancellationToken);
        var whole = document.WithChange(candidate.Replaced, candidate.Text);
        var mayClose = RestOfLineIsBlank(document.Text, candidate.Replaced.End);
        if (limit >= candidate.Text.Length && mayClose && MissingBrace.Find(document, whole, candidate, cancellationToken) is { } brace)
        {
            var kept = candidate.Text.TrimEnd();
            var braced = document.WithChange(candidate.Replaced, kept + brace);
            if (AddsNoError(braced, kept.Length + brace.Length) && ErrorsOf(braced.Tree, cancellationToken).Count() < ErrorsOf(whole.Tree, cancellationToken).Count())
            {
                return new SyntaxCut(braced, kept.Length, brace);
            }
        }

        if (limit >= candidate.Text.Length && AddsNoError(whole, candidate.Text.Length))
        {
            return new SyntaxCut(whole, candidate.Text.Length, string.Empty);
        }

        var attempts = 0;
        foreach (var length in CutPoints(whole, candidate, limit, cancellationToken))
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (attempts++ >= MaximumAttempts)
            {
                break;
            }

            var kept = candidate.Text[..length];
            var cut = length == candidate.Text.Length ? whole : document.WithChange(candidate.Replaced, kept);
            if (length < candidate.Text.Length && AddsNoError(cut, length))
            {
                return new SyntaxCut(cut, length, string.Empty);
            }

            foreach (var closers in mayClose ? PossibleClosers(kept, whole, candidate.Replaced.Start) : [])
            {
                var closed = document.WithChange(candidate.Replaced, kept + closers);
                if (AddsNoError(closed, length + closers.Length))
                {
                    return new SyntaxCut(closed, length, closers);
                }
            }
        }

        return null;

        // An error inside the candidate is the candidate's. One outside it is, where the file did not have as many of its kind before:
        // positions of errors in unfinished code move with every token, their number and kind do not.
        bool AddsNoError(CSharpDocument changed, int length)
        {
            var start = candidate.Replaced.Start;
            var counts = new Dictionary<string, int>();
            foreach (var error in ErrorsOf(changed.Tree, cancellationToken))
            {
                var position = error.Location.SourceSpan.Start;
                if (position >= start && position < start + length)
                {
                    return false;
                }

                counts[error.Id] = counts.GetValueOrDefault(error.Id) + 1;
            }

            return counts.All(count => count.Value <= baseline.GetValueOrDefault(count.Key));
        }
    }

    private static Dictionary<string, int> CountErrors(SyntaxTree tree, CancellationToken cancellationToken) =>
        ErrorsOf(tree, cancellationToken).GroupBy(error => error.Id).ToDictionary(group => group.Key, group => group.Count());

    private static IEnumerable<Diagnostic> ErrorsOf(SyntaxTree tree, CancellationToken cancellationToken) =>
        tree.GetDiagnostics(cancellationToken).Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error);

    /// <summary>Where the candidate may be cut, longest first: its whole, then ends of statements, blocks and lines, then ends of tokens on its first line.</summary>
    private static IEnumerable<int> CutPoints(CSharpDocument whole, GateCandidate candidate, int limit, CancellationToken cancellationToken)
    {
        var start = candidate.Replaced.Start;
        var end = start + candidate.Text.Length;
        var firstError = ErrorsOf(whole.Tree, cancellationToken)
            .Select(error => error.Location.SourceSpan.Start)
            .Where(position => position >= start && position < end)
            .DefaultIfEmpty(end)
            .Min();
        // What stands at the first error stays wrong in every longer part.
        var longest = Math.Min(limit, firstError - start);
        if (longest >= candidate.Text.TrimEnd().Length)
        {
            yield return candidate.Text.Length;
        }

        var tokens = whole.Tree.GetRoot(cancellationToken).DescendantTokens(new TextSpan(start, candidate.Text.Length)).ToList();
        var ends = new List<int>();
        var finePoints = new List<int>();
        var firstLineEnd = candidate.Text.IndexOf('\n', StringComparison.Ordinal) is var lineEnd and >= 0 ? lineEnd : candidate.Text.Length;
        foreach (var token in tokens)
        {
            var length = token.Span.End - start;
            if (length <= 0 || length > longest || length >= candidate.Text.Length || token.Span.IsEmpty)
            {
                continue;
            }

            var endsStatement = token.IsKind(SyntaxKind.SemicolonToken) && token.Parent is not ForStatementSyntax || token.IsKind(SyntaxKind.CloseBraceToken);
            if (endsStatement || candidate.Text[length] is '\r' or '\n')
            {
                ends.Add(length);
            }
            else if (length <= firstLineEnd)
            {
                finePoints.Add(length);
            }
        }

        foreach (var length in ends.OrderDescending())
        {
            yield return length;
        }

        foreach (var length in finePoints.OrderDescending())
        {
            yield return length;
        }
    }

    /// <summary>The closers for the brackets that the kept part leaves open: without and with a semicolon.</summary>
    private static IEnumerable<string> PossibleClosers(string kept, CSharpDocument whole, int start)
    {
        var open = new Stack<(char Closer, int Position)>();
        foreach (var token in SyntaxFactory.ParseTokens(kept))
        {
            switch (token.Kind())
            {
                case SyntaxKind.OpenBraceToken:
                    open.Push(('}', token.SpanStart));
                    break;
                case SyntaxKind.OpenParenToken:
                    open.Push((')', token.SpanStart));
                    break;
                case SyntaxKind.OpenBracketToken:
                    open.Push((']', token.SpanStart));
                    break;
                case SyntaxKind.CloseBraceToken or SyntaxKind.CloseParenToken or SyntaxKind.CloseBracketToken when open.Count > 0:
                    open.Pop();
                    break;
            }
        }

        if (open.Count == 0)
        {
            yield return ";";
            yield break;
        }

        var needsSemicolon = kept.TrimEnd() is [.., not ('{' or '}' or ';')];
        var plain = new StringBuilder();
        var withSemicolon = new StringBuilder();
        var semicolonPending = needsSemicolon;
        foreach (var (closer, position) in open)
        {
            if (closer == '}')
            {
                if (semicolonPending)
                {
                    withSemicolon.Append(';');
                    semicolonPending = false;
                }

                var line = NewLineOf(kept) + IndentationOf(whole.Text, start + position);
                plain.Append(line).Append('}');
                withSemicolon.Append(line).Append('}');
            }
            else
            {
                plain.Append(closer);
                withSemicolon.Append(closer);
            }
        }

        if (semicolonPending)
        {
            withSemicolon.Append(';');
        }

        yield return plain.ToString();
        if (needsSemicolon)
        {
            yield return withSemicolon.ToString();
        }

        // A lambda's or an initializer's brace closes inside a call: `Run(() => {` needs `});`.
        yield return plain + ";";
    }

    private static string NewLineOf(string text) => text.Contains("\r\n", StringComparison.Ordinal) ? "\r\n" : "\n";

    private static string IndentationOf(SourceText text, int position)
    {
        var line = text.Lines.GetLineFromPosition(Math.Min(position, text.Length)).ToString();
        return line[..(line.Length - line.TrimStart().Length)];
    }

    private static bool RestOfLineIsBlank(SourceText text, int position)
    {
        var line = text.Lines.GetLineFromPosition(position);
        return string.IsNullOrWhiteSpace(text.ToString(TextSpan.FromBounds(position, line.End)));
    }
}
