using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace GptOss.CodeAssist.CSharpContext.Edits;

/// <summary>Where new using directives go: between the others by their names, System first where the file has it so.</summary>
internal static class UsingDirectives
{
    public static ImmutableArray<TextChange> Insert(IEnumerable<string> namespaces, CompilationUnitSyntax root, SourceText text, string newLine)
    {
        var nested = root.Members.OfType<BaseNamespaceDeclarationSyntax>().FirstOrDefault()?.Usings ?? default;
        var usings = (root.Usings.Count > 0 ? root.Usings : nested)
            .Where(directive => directive is { Alias: null } && directive.StaticKeyword.IsKind(SyntaxKind.None) && directive.GlobalKeyword.IsKind(SyntaxKind.None))
            .ToArray();
        if (usings.Length == 0)
        {
            var start = root.Usings.Count > 0 ? text.Lines.GetLineFromPosition(root.Usings[^1].Span.End).EndIncludingLineBreak : FirstLine(root, text);
            return [new TextChange(new TextSpan(start, 0), string.Concat(namespaces.Select(name => $"using {name};{newLine}")) + newLine)];
        }

        return [.. namespaces.GroupBy(name => PlaceOf(name, usings, text)).OrderBy(group => group.Key).Select(group =>
            new TextChange(new TextSpan(group.Key, 0), string.Concat(group.Select(name => $"{IndentationOf(usings[0], text)}using {name};{newLine}"))))];
    }

    private static int PlaceOf(string name, UsingDirectiveSyntax[] usings, SourceText text)
    {
        var after = usings.LastOrDefault(directive => Compare(directive.Name!.ToString(), name) < 0);
        return after is null
            ? text.Lines.GetLineFromPosition(usings[0].SpanStart).Start
            : text.Lines.GetLineFromPosition(after.Span.End).EndIncludingLineBreak;
    }

    private static int Compare(string left, string right)
    {
        var bySystem = IsSystem(right).CompareTo(IsSystem(left));
        return bySystem != 0 ? bySystem : string.CompareOrdinal(left, right);
    }

    private static bool IsSystem(string name) => name == "System" || name.StartsWith("System.", StringComparison.Ordinal);

    private static string IndentationOf(UsingDirectiveSyntax directive, SourceText text) =>
        text.ToString(TextSpan.FromBounds(text.Lines.GetLineFromPosition(directive.SpanStart).Start, directive.SpanStart));

    // A licence at the top of the file stays there.
    private static int FirstLine(CompilationUnitSyntax root, SourceText text) =>
        text.Lines.GetLineFromPosition(root.GetFirstToken().SpanStart).Start is var line
        && root.Members.FirstOrDefault() is { } member && member.GetLeadingTrivia().Any(trivia => trivia.IsKind(SyntaxKind.SingleLineDocumentationCommentTrivia))
            ? text.Lines.GetLineFromPosition(member.GetLeadingTrivia().First(trivia => trivia.IsKind(SyntaxKind.SingleLineDocumentationCommentTrivia)).FullSpan.Start).Start
            : line;
}
