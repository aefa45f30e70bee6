using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace GptOss.CodeAssist.CSharpContext.Edits;

/// <summary>The smallest whole members of a document that a change has to rewrite.</summary>
public sealed class EditPiece
{
    private EditPiece(ImmutableArray<MemberDeclarationSyntax> members, SourceText text)
    {
        Members = members;
        Span = TextSpan.FromBounds(StartOf(members[0]), members[^1].Span.End);
        Indentation = IndentationAt(Span.Start, text);
        Code = SourceLines.Dedent(text.ToString(Span), Indentation);
    }

    /// <summary>One or several neighbours of one parent.</summary>
    public ImmutableArray<MemberDeclarationSyntax> Members { get; }

    /// <summary>From the first member's comments and attributes to the last one's end, without the blanks around.</summary>
    public TextSpan Span { get; }

    /// <summary>The blanks before the piece's first line.</summary>
    public string Indentation { get; }

    /// <summary>The text without <see cref="Indentation"/>, with line feeds only.</summary>
    public string Code { get; }

    /// <summary>For people and prompts, for instance <c>Stack.Push</c>.</summary>
    public string Name
    {
        get
        {
            var names = Members.Select(MemberNames.Of).OfType<string>().ToArray();
            var container = Members[0].Parent is BaseTypeDeclarationSyntax type ? type.Identifier.ValueText + "." : "";
            return names.Length > 0 ? string.Join(", ", names.Select(name => container + name)) : "the statements";
        }
    }

    /// <summary>What tells the piece from every other one of its file: <see cref="Name"/>, and the parameters of a lone member.</summary>
    public string Signature => Members is [BaseMethodDeclarationSyntax { ParameterList: var parameters }] ? Name + parameters : Name;

    /// <summary>Whether the members stand in no type: types and top-level statements.</summary>
    public bool IsTopLevel => Members[0].Parent is not BaseTypeDeclarationSyntax;

    /// <summary>The piece that a span lies in; null where no member is near.</summary>
    public static EditPiece? Find(SyntaxNode root, SourceText text, TextSpan span)
    {
        var first = FindMember(root, span.Start, text);
        var last = span.IsEmpty ? first : FindMember(root, span.End - 1, text);
        if (first is null || last is null)
        {
            return (first ?? last) is { } only ? new EditPiece([only], text) : null;
        }

        while (first.Parent != last.Parent)
        {
            var depths = (First: first.Ancestors().Count(), Last: last.Ancestors().Count());
            var lifted = depths.First >= depths.Last ? Lift(ref first) : Lift(ref last);
            if (!lifted)
            {
                return null;
            }
        }

        var siblings = first.Parent!.ChildNodes().OfType<MemberDeclarationSyntax>().Where(member => member.SpanStart >= first.SpanStart && member.SpanStart <= last.SpanStart);
        return new EditPiece([.. siblings], text);
    }

    /// <summary>The whole type around a position; null outside types.</summary>
    public static EditPiece? FindType(SyntaxNode root, SourceText text, int position) =>
        root.FindToken(position).Parent?.AncestorsAndSelf().OfType<BaseTypeDeclarationSyntax>().FirstOrDefault() is { } type ? new EditPiece([type], text) : null;

    private static bool Lift(ref MemberDeclarationSyntax member)
    {
        var parent = member.Ancestors().OfType<MemberDeclarationSyntax>().FirstOrDefault();
        if (parent is null or BaseNamespaceDeclarationSyntax)
        {
            return false;
        }

        member = parent;
        return true;
    }

    private static MemberDeclarationSyntax? FindMember(SyntaxNode root, int position, SourceText text)
    {
        var token = root.FindToken(Math.Clamp(position, 0, Math.Max(0, text.Length - 1)));
        // A caret at a line's end belongs to the member on that line, not to the one below.
        if (token.SpanStart > position && token.GetPreviousToken() is var previous && text.Lines.GetLineFromPosition(previous.Span.End).LineNumber == text.Lines.GetLineFromPosition(position).LineNumber)
        {
            token = previous;
        }

        return token.Parent?.AncestorsAndSelf().OfType<MemberDeclarationSyntax>().FirstOrDefault(member => member is not (BaseNamespaceDeclarationSyntax or EnumMemberDeclarationSyntax));
    }

    private static int StartOf(MemberDeclarationSyntax member)
    {
        foreach (var trivia in member.GetLeadingTrivia())
        {
            if (!trivia.IsKind(SyntaxKind.WhitespaceTrivia) && !trivia.IsKind(SyntaxKind.EndOfLineTrivia) && !trivia.IsDirective && !trivia.IsKind(SyntaxKind.DisabledTextTrivia))
            {
                return trivia.IsKind(SyntaxKind.SingleLineDocumentationCommentTrivia) ? trivia.FullSpan.Start : trivia.SpanStart;
            }
        }

        return member.SpanStart;
    }

    private static string IndentationAt(int position, SourceText text)
    {
        var line = text.Lines.GetLineFromPosition(position);
        var before = text.ToString(TextSpan.FromBounds(line.Start, position));
        return before.All(character => character is ' ' or '\t') ? before : "";
    }
}
