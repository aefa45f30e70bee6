using GptOss.CodeAssist.CSharpContext;
using GptOss.CodeAssist.CSharpContext.Gate;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace GptOss.CodeAssist.Assistant.Completion;

/// <summary>Decides whether an answer is shown, and how much of it: what does not compile is not shown, what was left open is closed.</summary>
internal static class CandidateJudge
{
    /// <summary>What may be missing at the end of a line, likeliest first.</summary>
    private static readonly string[] Closers = [";", ")", ");", "))", "));", "]", "];"];

    /// <summary>"} expected": in a file that is being written the blocks around the caret are often open still.</summary>
    private const string MissingBrace = "CS1513";

    /// <param name="order">The caret, and the file's language.</param>
    /// <param name="document">The document parsed; null where it is not C#, so that only brackets can be looked at.</param>
    /// <param name="mayBeHeader">Whether the model would have gone on with a body on the next line, and a person may see that it is still to be written.</param>
    /// <param name="confidence">Geometric mean of the tokens' probabilities.</param>
    public static Verdict Judge(AnswerOrder order, CSharpDocument? document, FittedAnswer fitted, bool mayBeHeader, double confidence, CancellationToken cancellationToken)
    {
        if (document is null)
        {
            return JudgeByBrackets(order, fitted, confidence);
        }

        var verdict = CandidateGate.Check(document, CandidateOf(fitted), cancellationToken);
        return Judge(document, fitted, mayBeHeader, confidence, verdict, cancellationToken) with { IsFinal = verdict.IsFinal };
    }

    private static Verdict Judge(CSharpDocument document, FittedAnswer fitted, bool mayBeHeader, double confidence, GateVerdict verdict, CancellationToken cancellationToken)
    {
        var original = fitted;
        switch (verdict)
        {
            case GateVerdict.ShownAsIs:
                break;
            case GateVerdict.CutTo cut when EndsInNothing(fitted.InsertText.AsSpan(0, cut.Length)):
                return Refused("it breaks off in the middle of an expression");
            case GateVerdict.CutTo cut:
                var closed = fitted with { InsertText = cut.Text };
                if (EndsHeader(WithAnswer(document, closed), closed, cancellationToken))
                {
                    return mayBeHeader && EndsAsHeader(fitted) ? Shown(fitted, isWhole: false) : Refused("its body is still to be written");
                }

                fitted = closed;
                break;
            case GateVerdict.NeedsUsing needs when !needs.Text.StartsWith(fitted.InsertText, StringComparison.Ordinal):
                return Refused("it breaks off, and needs a namespace that is not imported");
            case GateVerdict.NeedsUsing needs:
                fitted = fitted with { InsertText = needs.Text, Usings = needs.Namespaces };
                break;
            case GateVerdict.Rejected rejected:
                return Refused(rejected.Because);
            case var other:
                throw new InvalidOperationException($"A verdict that nobody told this class about: {other.GetType().Name}.");
        }

        if (FindFinished(document, fitted, cancellationToken) is { } finished)
        {
            return Shown(finished, isWhole: finished == original);
        }

        return mayBeHeader && EndsAsHeader(fitted) ? Shown(fitted, isWhole: false) : Refused("it leaves the statement unfinished");

        Verdict Shown(FittedAnswer shown, bool isWhole) => new(new JudgedCandidate(shown, isWhole, confidence), null);
    }

    private static Verdict Refused(string why) => new(null, EmptyReasons.Gate(why));

    /// <summary>An answer as the compiler's gate sees it.</summary>
    public static GateCandidate CandidateOf(FittedAnswer fitted) => new(fitted.Span, fitted.InsertText) { Usings = fitted.Usings };

    /// <summary>All that can be said of a language that no compiler here understands: what closes nothing is cut.</summary>
    private static Verdict JudgeByBrackets(AnswerOrder order, FittedAnswer fitted, double confidence)
    {
        var text = order.Site.Text;
        var verdict = BracketBalance.Check(order.Document.LanguageId, text.ToString(TextSpan.FromBounds(0, fitted.Span.Start)), fitted.InsertText, text.ToString(TextSpan.FromBounds(fitted.Span.End, text.Length)));
        return verdict switch
        {
            GateVerdict.ShownAsIs => new Verdict(new JudgedCandidate(fitted, IsWhole: true, confidence), null),
            GateVerdict.CutTo cut => new Verdict(new JudgedCandidate(fitted with { InsertText = cut.Text }, IsWhole: false, confidence), null),
            GateVerdict.Rejected rejected => Refused(rejected.Because),
            _ => throw new InvalidOperationException($"A verdict that brackets alone do not give: {verdict.GetType().Name}."),
        };
    }

    /// <summary><c>if (x)</c> is not <c>if (x);</c>.</summary>
    private static bool EndsAsHeader(FittedAnswer fitted) => fitted.InsertText is [.., ')'];

    /// <summary>Closers after one of these would only hide that something is missing.</summary>
    private static bool EndsInNothing(ReadOnlySpan<char> text) => text.TrimEnd() is [.., '(' or '[' or ',' or '.' or '=' or '+' or '-' or '*' or '<' or '&' or '|' or '!' or '?' or ':'];

    /// <summary>
    /// The answer with what its line lacks at the end; itself where it lacks nothing; null where it cannot be finished.
    /// The gate counts errors against the unfinished line, which lacks its end already: here the end itself is looked at.
    /// </summary>
    private static FittedAnswer? FindFinished(CSharpDocument document, FittedAnswer fitted, CancellationToken cancellationToken)
    {
        var line = document.Text.Lines.GetLineFromPosition(fitted.Span.End);
        var isLineEnd = string.IsNullOrWhiteSpace(document.Text.ToString(TextSpan.FromBounds(fitted.Span.End, line.End)));
        if (!isLineEnd)
        {
            return fitted;
        }

        var tree = WithAnswer(document, fitted);
        if (!LacksEnd(tree, fitted, cancellationToken))
        {
            return PrecedesBody(tree, fitted, cancellationToken) ? null : fitted;
        }

        var errors = CountErrors(tree, cancellationToken);
        foreach (var closer in Closers)
        {
            var closed = fitted with { InsertText = fitted.InsertText + closer };
            var closedTree = WithAnswer(document, closed);
            if (CountErrors(closedTree, cancellationToken) < errors
                && !LacksEnd(closedTree, closed, cancellationToken)
                && !EndsHeader(closedTree, closed, cancellationToken))
            {
                switch (CandidateGate.Check(document, CandidateOf(closed), cancellationToken))
                {
                    case GateVerdict.ShownAsIs:
                        return closed;
                    case GateVerdict.CutTo cut when cut.Length == closed.InsertText.Length:
                        return closed with { InsertText = cut.Text };
                }
            }
        }

        return null;
    }

    /// <summary>Whether the compiler misses something right after the answer, before the next token of the file.</summary>
    private static bool LacksEnd(SyntaxTree tree, FittedAnswer fitted, CancellationToken cancellationToken)
    {
        var end = fitted.Span.Start + fitted.InsertText.Length;
        var last = tree.GetRoot(cancellationToken).FindToken(Math.Max(0, end - 1));
        if (last.Parent?.AncestorsAndSelf().Any(node => node is IncompleteMemberSyntax or InterpolatedStringExpressionSyntax { StringEndToken.IsMissing: true } or ForStatementSyntax { CloseParenToken.IsMissing: true }) ?? false)
        {
            return true;
        }

        var next = last.GetNextToken();
        var until = next.IsKind(SyntaxKind.None) ? end : next.SpanStart;
        return ErrorsOf(tree, cancellationToken).Any(error => error.Location.SourceSpan.Start >= end - 1 && error.Location.SourceSpan.Start <= until);
    }

    /// <summary>Whether a declaration was written before lines that are the body of another one: a whole member where only a header belongs, or a header of another kind.</summary>
    private static bool PrecedesBody(SyntaxTree tree, FittedAnswer fitted, CancellationToken cancellationToken)
    {
        var last = tree.GetRoot(cancellationToken).FindToken(fitted.Span.Start + fitted.InsertText.Length - 1);
        var next = last.GetNextToken();
        if (next.IsKind(SyntaxKind.OpenBraceToken) && next.Parent is AccessorListSyntax or BaseTypeDeclarationSyntax or NamespaceDeclarationSyntax)
        {
            // What the brace opens is what the header says.
            next = next.GetNextToken();
        }
        else if (last.Parent?.FirstAncestorOrSelf<MemberDeclarationSyntax>()?.Span.End != last.Span.End)
        {
            return false;
        }

        if (next.IsKind(SyntaxKind.None))
        {
            return false;
        }

        var line = tree.GetText(cancellationToken).Lines.GetLineFromPosition(next.SpanStart);
        return ErrorsOf(tree, cancellationToken).Any(error => error.Id is "CS1519" or "CS1022" or "CS8124" or "CS0116" or "CS1014" && line.Span.Contains(error.Location.SourceSpan.Start));
    }

    /// <summary>Whether a semicolon took the place of a body.</summary>
    private static bool EndsHeader(SyntaxTree tree, FittedAnswer fitted, CancellationToken cancellationToken)
    {
        var last = tree.GetRoot(cancellationToken).FindToken(fitted.Span.Start + fitted.InsertText.Length - 1);
        return last.IsKind(SyntaxKind.SemicolonToken) && last.Parent switch
        {
            EmptyStatementSyntax or LocalFunctionStatementSyntax { Body: null, ExpressionBody: null } => true,
            BaseMethodDeclarationSyntax { Body: null, ExpressionBody: null } method => method.Parent is not InterfaceDeclarationSyntax && !method.Modifiers.Any(MayLackBody),
            TypeDeclarationSyntax type => type is not RecordDeclarationSyntax,
            _ => false,
        };

        static bool MayLackBody(SyntaxToken modifier) => modifier.Kind() is SyntaxKind.AbstractKeyword or SyntaxKind.ExternKeyword or SyntaxKind.PartialKeyword;
    }

    private static SyntaxTree WithAnswer(CSharpDocument document, FittedAnswer fitted) =>
        document.Tree.WithChangedText(document.Text.WithChanges(new TextChange(fitted.Span, fitted.InsertText)));

    private static int CountErrors(SyntaxTree tree, CancellationToken cancellationToken) => ErrorsOf(tree, cancellationToken).Count();

    private static IEnumerable<Diagnostic> ErrorsOf(SyntaxTree tree, CancellationToken cancellationToken) =>
        tree.GetDiagnostics(cancellationToken).Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error && diagnostic.Id != MissingBrace);
}
