using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace GptOss.CodeAssist.CSharpContext.Gate;

/// <summary>
/// The brace that a line lacks at its end: <c>get { return x; }</c>, <c>{ get; }</c>, <c>foreach (var x in y) {</c>. The lines below often hold what belongs
/// to that brace, and make no sense without it.
/// </summary>
internal static class MissingBrace
{
    /// <summary>A brace with the blank before it, where the file has fewer of its kind than of the other and the candidate may end with it; else null. Whether it helps is for the parser to say.</summary>
    /// <param name="whole">The document with the candidate in it.</param>
    public static string? Find(CSharpDocument document, CSharpDocument whole, GateCandidate candidate, CancellationToken cancellationToken)
    {
        var written = candidate.Text.TrimEnd();
        if (written.Length == 0 || !whole.Tree.GetDiagnostics(cancellationToken).Any(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error) || written.AsSpan().IndexOfAny('\n', '{', '}') >= 0)
        {
            return null;
        }

        var mayEnd = written[^1] is ';' && EndsAccessor(document, whole, candidate.Replaced.Start, written.Length, cancellationToken);
        var mayBegin = written[^1] is ')' or '>' || char.IsAsciiLetterOrDigit(written[^1]);
        if (!mayEnd && !mayBegin)
        {
            return null;
        }

        return CountUnclosed(whole.Tree.GetRoot(cancellationToken)) switch
        {
            > 0 when mayEnd => " }",
            < 0 when mayBegin => " {",
            _ => null,
        };
    }

    /// <summary>Opening braces less closing ones.</summary>
    private static int CountUnclosed(SyntaxNode root) => root.DescendantTokens(descendIntoTrivia: true).Where(token => !token.IsMissing).Sum(token => token.Kind() switch
    {
        SyntaxKind.OpenBraceToken => 1,
        SyntaxKind.CloseBraceToken => -1,
        _ => 0,
    });

    /// <summary>Whether the candidate ends a statement of an accessor, or an accessor, that was opened on its line.</summary>
    private static bool EndsAccessor(CSharpDocument document, CSharpDocument whole, int start, int length, CancellationToken cancellationToken)
    {
        var line = document.Text.ToString(TextSpan.FromBounds(document.Text.Lines.GetLineFromPosition(start).Start, start));
        var open = line.LastIndexOf('{');
        if (open <= 0 || open < line.LastIndexOf('}'))
        {
            return false;
        }

        return line[..open].TrimEnd().Split(' ', '\t', '{')[^1] is "get" or "set" or "init" or "add" or "remove"
            || (whole.Tree.GetRoot(cancellationToken).FindToken(start + length - 1) is { Parent: AccessorDeclarationSyntax { Body: null } } end && end.IsKind(SyntaxKind.SemicolonToken));
    }
}
