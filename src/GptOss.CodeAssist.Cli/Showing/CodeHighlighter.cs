using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Spectre.Console;

namespace GptOss.CodeAssist.Cli.Showing;

/// <summary>Colours one line of C# by its tokens.</summary>
internal static class CodeHighlighter
{
    private static readonly Style Keyword = new(Color.Blue);
    private static readonly Style Literal = new(Color.Olive);
    private static readonly Style Comment = new(Color.Green);

    public static void Write(IAnsiConsole console, string line)
    {
        foreach (var token in SyntaxFactory.ParseTokens(line))
        {
            foreach (var trivia in token.LeadingTrivia)
            {
                console.Write(trivia.ToFullString(), trivia.IsKind(SyntaxKind.WhitespaceTrivia) ? Style.Plain : Comment);
            }

            console.Write(token.Text, StyleOf(token));
            foreach (var trivia in token.TrailingTrivia)
            {
                console.Write(trivia.ToFullString(), trivia.IsKind(SyntaxKind.WhitespaceTrivia) ? Style.Plain : Comment);
            }
        }
    }

    /// <summary>A line alone does not tell where a word such as <c>var</c> is a keyword; these hardly ever are anything else.</summary>
    private static Style StyleOf(SyntaxToken token) =>
        SyntaxFacts.IsKeywordKind(token.Kind()) || token.Text is "var" or "async" or "await" or "yield" or "record" or "nameof" or "when" or "partial" or "required" ? Keyword
        : token.Kind() is SyntaxKind.StringLiteralToken or SyntaxKind.CharacterLiteralToken or SyntaxKind.NumericLiteralToken or SyntaxKind.InterpolatedStringTextToken ? Literal
        : Style.Plain;
}
