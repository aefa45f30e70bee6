using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace GptOss.CodeAssist.StarterModel;

/// <summary>Finds the pieces of a file that a person writes in one go: what a completer should learn to fill in, and to end where they end.</summary>
internal static class HoleFinder
{
    private const int LongestHole = 1_200;

    /// <returns>Kind and place of every hole, by place.</returns>
    public static List<(HoleKind Kind, TextSpan Span)> Find(SyntaxNode root)
    {
        var holes = new List<(HoleKind Kind, TextSpan Span)>();
        foreach (var node in root.DescendantNodes())
        {
            Add(node, holes);
        }

        foreach (var comment in root.DescendantTrivia().Where(trivia => trivia.IsKind(SyntaxKind.SingleLineCommentTrivia) && trivia.Span.Length > 12))
        {
            holes.Add((HoleKind.Comment, TextSpan.FromBounds(comment.SpanStart + 3, comment.Span.End)));
        }

        holes.RemoveAll(hole => hole.Span.Length is 0 or > LongestHole);
        holes.Sort((left, right) => left.Span.CompareTo(right.Span));
        return holes;
    }

    private static void Add(SyntaxNode node, List<(HoleKind Kind, TextSpan Span)> holes)
    {
        switch (node)
        {
            case ArgumentSyntax or EqualsValueClauseSyntax { Value.Span.Length: > 2 } or ArrowExpressionClauseSyntax:
                holes.Add((HoleKind.Expression, node is ArgumentSyntax ? node.Span : node.ChildNodes().Last().Span));
                break;
            case AssignmentExpressionSyntax assignment:
                holes.Add((HoleKind.Expression, assignment.Right.Span));
                break;
            case ReturnStatementSyntax { Expression: { } value }:
                holes.Add((HoleKind.Expression, value.Span));
                break;
            case IfStatementSyntax choice:
                holes.Add((HoleKind.Expression, choice.Condition.Span));
                break;
            case ArgumentListSyntax arguments:
                holes.Add((HoleKind.List, Between(arguments.OpenParenToken, arguments.CloseParenToken)));
                break;
            case ParameterListSyntax parameters:
                holes.Add((HoleKind.List, Between(parameters.OpenParenToken, parameters.CloseParenToken)));
                break;
            case MemberAccessExpressionSyntax access:
                var called = access.Parent is InvocationExpressionSyntax call ? call.Span.End : access.Span.End;
                holes.Add((HoleKind.Access, TextSpan.FromBounds(access.Name.SpanStart, called)));
                break;
        }

        switch (node)
        {
            case BlockSyntax block:
                holes.Add((HoleKind.Body, Between(block.OpenBraceToken, block.CloseBraceToken)));
                break;
            case StatementSyntax:
                holes.Add((HoleKind.Statement, node.Span));
                break;
            case MemberDeclarationSyntax and not BaseNamespaceDeclarationSyntax:
                holes.Add((HoleKind.Member, node.Span));
                break;
        }
    }

    private static TextSpan Between(SyntaxToken open, SyntaxToken close) =>
        close.SpanStart < open.Span.End ? default : TextSpan.FromBounds(open.Span.End, close.SpanStart);
}
