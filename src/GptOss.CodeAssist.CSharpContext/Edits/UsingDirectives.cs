using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace GptOss.CodeAssist.CSharpContext.Edits;

/// <summary>Where new using directives go, as the compiler's own editor features put them: between the others where those are sorted, with System first or not, and else after them.</summary>
public static class UsingDirectives
{
    private static readonly Comparison<string>[] Orders = [CompareSystemFirst, CompareNames];

    /// <summary>The edits that import what a file does not import yet; none where it imports everything.</summary>
    /// <param name="text">The file's text.</param>
    public static ImmutableArray<TextChange> FindMissing(SourceText text, IReadOnlyCollection<string> namespaces, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(namespaces);
        var root = CSharpSyntaxTree.ParseText(text, CSharpParseOptions.Default.WithLanguageVersion(LanguageVersion.Preview), cancellationToken: cancellationToken).GetCompilationUnitRoot(cancellationToken);
        var known = root.DescendantNodes(node => node is CompilationUnitSyntax or BaseNamespaceDeclarationSyntax).OfType<UsingDirectiveSyntax>()
            .Where(IsOfNamespace).Select(directive => directive.Name!.ToString()).ToHashSet(StringComparer.Ordinal);
        string[] missing = [.. namespaces.Where(name => !known.Contains(name)).Distinct(StringComparer.Ordinal)];
        return missing is [] ? [] : Insert(missing, root, text, SourceLines.NewLineOf(text));
    }

    internal static ImmutableArray<TextChange> Insert(IEnumerable<string> namespaces, CompilationUnitSyntax root, SourceText text, string newLine)
    {
        var nested = root.Members.OfType<BaseNamespaceDeclarationSyntax>().FirstOrDefault()?.Usings ?? default;
        var usings = (root.Usings.Count > 0 ? root.Usings : nested).Where(directive => IsOfNamespace(directive) && directive.GlobalKeyword.IsKind(SyntaxKind.None)).ToArray();
        if (usings.Length == 0)
        {
            var start = root.Usings.Count > 0 ? text.Lines.GetLineFromPosition(root.Usings[^1].Span.End).EndIncludingLineBreak : FirstLine(root, text);
            return [new TextChange(new TextSpan(start, 0), string.Concat(namespaces.Order(Comparer<string>.Create(CompareSystemFirst)).Select(name => $"using {name};{newLine}")) + newLine)];
        }

        var order = Array.Find(Orders, order => IsSorted(usings, order));
        var sorted = namespaces.Order(Comparer<string>.Create(order ?? CompareSystemFirst));
        return [.. sorted.GroupBy(name => PlaceOf(name, usings, order, text)).OrderBy(group => group.Key).Select(group =>
            new TextChange(new TextSpan(group.Key, 0), string.Concat(group.Select(name => $"{IndentationOf(usings[0], text)}using {name};{newLine}"))))];
    }

    private static bool IsOfNamespace(UsingDirectiveSyntax directive) => directive is { Alias: null, Name: not null } && directive.StaticKeyword.IsKind(SyntaxKind.None);

    private static bool IsSorted(UsingDirectiveSyntax[] usings, Comparison<string> order) =>
        usings.Zip(usings.Skip(1)).All(pair => order(pair.First.Name!.ToString(), pair.Second.Name!.ToString()) <= 0);

    /// <param name="order">Null where the file's directives are in none.</param>
    private static int PlaceOf(string name, UsingDirectiveSyntax[] usings, Comparison<string>? order, SourceText text)
    {
        var after = order is null ? usings[^1] : usings.LastOrDefault(directive => order(directive.Name!.ToString(), name) < 0);
        return after is null
            ? text.Lines.GetLineFromPosition(usings[0].SpanStart).Start
            : text.Lines.GetLineFromPosition(after.Span.End).EndIncludingLineBreak;
    }

    private static int CompareSystemFirst(string left, string right)
    {
        var bySystem = IsSystem(right).CompareTo(IsSystem(left));
        return bySystem != 0 ? bySystem : CompareNames(left, right);
    }

    /// <summary>Part by part, small and capital letters alike unless nothing else tells two names apart.</summary>
    private static int CompareNames(string left, string right)
    {
        foreach (var (one, other) in left.Split('.').Zip(right.Split('.')))
        {
            if (string.Compare(one, other, StringComparison.OrdinalIgnoreCase) is var byLetters and not 0)
            {
                return byLetters;
            }

            if (string.CompareOrdinal(other, one) is var byCase and not 0)
            {
                return byCase;
            }
        }

        return left.Length.CompareTo(right.Length);
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
