using GptOss.CodeAssist.CSharpContext;
using GptOss.CodeAssist.Inference;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace GptOss.CodeAssist.Assistant.Completion;

/// <summary>Places where nothing is shown to a person who did not ask, each with its reason.</summary>
internal static class QuietRules
{
    /// <summary>What may follow the caret directly without being code that is about to be torn apart.</summary>
    private const string Harmless = " \t)]}>\"';,.=+-*/<&|?:";

    /// <summary>By the characters around the caret alone.</summary>
    /// <param name="heals">Whether the model may write the last piece of a word before the caret anew; else it would take the piece for a word.</param>
    public static EmptyReason? FindByText(CaretSite site, bool hasSelection, bool heals)
    {
        if (hasSelection)
        {
            return null;
        }

        if (!heals && site.LineBefore is [.., var last] && (char.IsLetterOrDigit(last) || last == '_'))
        {
            return EmptyReasons.InsideWord;
        }

        if (site.LineAfter.Length == 0)
        {
            return null;
        }

        var next = site.LineAfter[0];
        return char.IsLetterOrDigit(next) || next == '_' ? EmptyReasons.InsideWord
            : Harmless.Contains(next, StringComparison.Ordinal) ? null
            : EmptyReasons.CodeFollows;
    }

    /// <summary>By what the caret stands in.</summary>
    /// <param name="document">The document at the site's text.</param>
    public static EmptyReason? FindBySyntax(CaretSite site, CSharpDocument document, ModelDescription model, CancellationToken cancellationToken)
    {
        if (site.Offset == 0)
        {
            return null;
        }

        var root = document.Tree.GetRoot(cancellationToken);
        var trivia = root.FindTrivia(site.Offset - 1);
        switch (trivia.Kind())
        {
            // Prose wants a model that can write it.
            case SyntaxKind.SingleLineCommentTrivia or SyntaxKind.SingleLineDocumentationCommentTrivia when !model.CanChat:
            case SyntaxKind.MultiLineCommentTrivia or SyntaxKind.MultiLineDocumentationCommentTrivia when !model.CanChat && site.Offset < trivia.FullSpan.End:
                return EmptyReasons.InComment;
            case SyntaxKind.DisabledTextTrivia:
                return EmptyReasons.InDisabledCode;
        }

        var token = root.FindToken(site.Offset - 1);
        if (IsInsideText(token, site.Offset))
        {
            return model.CanChat ? null : EmptyReasons.InString;
        }

        var touches = token.Span.End == site.Offset;
        // A missing token stands where the compiler would like one.
        if (site.LineAfter.Length > 0 || token.Span.End > site.Offset || token.IsMissing)
        {
            return null;
        }

        return token.Kind() switch
        {
            SyntaxKind.SemicolonToken when IsOnLine(token, site) && EndsWholeStatement(token) => EmptyReasons.EndOfStatement,
            SyntaxKind.CloseBraceToken when touches && site.LineBefore.Trim() == "}" && token.Parent is not BlockSyntax { Parent: DoStatementSyntax } => EmptyReasons.EndOfStatement,
            SyntaxKind.CloseBracketToken when touches && token.Parent is AttributeListSyntax && site.LineBefore.TrimStart().StartsWith('[') => EmptyReasons.AfterAttribute,
            _ => null,
        };
    }

    /// <summary>Inside a string's or a character's text, not inside the code of an interpolation.</summary>
    private static bool IsInsideText(SyntaxToken token, int offset)
    {
        var isText = token.Kind() is SyntaxKind.StringLiteralToken or SyntaxKind.Utf8StringLiteralToken or SyntaxKind.CharacterLiteralToken
            or SyntaxKind.SingleLineRawStringLiteralToken or SyntaxKind.MultiLineRawStringLiteralToken or SyntaxKind.InterpolatedStringTextToken
            or SyntaxKind.Utf8SingleLineRawStringLiteralToken or SyntaxKind.Utf8MultiLineRawStringLiteralToken;
        // A literal that is not closed yet ends where its line does; the text of an interpolated string is followed by a quote or a brace of its own.
        return isText && token.SpanStart < offset && (offset < token.Span.End || token.ContainsDiagnostics || token.IsKind(SyntaxKind.InterpolatedStringTextToken));
    }

    private static bool IsOnLine(SyntaxToken token, CaretSite site) => site.Text.Lines.GetLineFromPosition(token.SpanStart).LineNumber == site.Text.Lines.GetLineFromPosition(site.Offset).LineNumber;

    private static bool EndsWholeStatement(SyntaxToken semicolon) => semicolon.Parent switch
    {
        ForStatementSyntax or AccessorDeclarationSyntax => false,
        StatementSyntax or BaseFieldDeclarationSyntax or UsingDirectiveSyntax or BaseNamespaceDeclarationSyntax => true,
        // What has a body here has none: `int M();`, `int P => 1;`
        MemberDeclarationSyntax => true,
        _ => false,
    };
}
