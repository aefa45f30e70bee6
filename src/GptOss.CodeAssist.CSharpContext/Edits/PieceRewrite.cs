using GptOss.CodeAssist.CSharpContext.Gate;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Formatting;
using Microsoft.CodeAnalysis.Options;
using Microsoft.CodeAnalysis.Text;

namespace GptOss.CodeAssist.CSharpContext.Edits;

/// <summary>Puts new code in a piece's place: indented, formatted and with line endings like its file, with the usings it lacks.</summary>
public static class PieceRewrite
{
    private static readonly string[] UnknownNames = ["CS0246", "CS0103", "CS1061", "CS0305", "CS0308"];

    /// <summary>The document with <paramref name="code"/> in the piece's place; null, with the reason, where the code is not whole members.</summary>
    public static async Task<(Document? Document, string? Problem)> ApplyAsync(Document document, EditPiece piece, string code, CancellationToken cancellationToken)
    {
        var options = (CSharpParseOptions?)document.Project.ParseOptions ?? CSharpParseOptions.Default;
        var (members, usings, problem) = ReadMembers(code, piece, options, cancellationToken);
        if (members is null)
        {
            return (null, problem);
        }

        var text = await document.GetTextAsync(cancellationToken);
        var newLine = SourceLines.NewLineOf(text);
        var lines = SourceLines.Dedent(members, SourceLines.SharedIndentation(members)).Split('\n').Select((line, index) => index == 0 || line.Length == 0 ? line : piece.Indentation + line);
        var replacement = string.Join(newLine, lines);
        var changed = document.WithText(text.Replace(piece.Span, replacement));
        changed = await TouchedCode.TidyAsync(document, changed, await OptionsAsync(changed, text, newLine, cancellationToken), cancellationToken);
        var end = (await changed.GetTextAsync(cancellationToken)).Length - (text.Length - piece.Span.End);
        return (await AddUsingsAsync(changed, TextSpan.FromBounds(piece.Span.Start, end), usings, newLine, cancellationToken), null);
    }

    /// <summary>The members' text without surrounding blanks, and the namespaces that the code imports.</summary>
    private static (string? Members, string[] Usings, string? Problem) ReadMembers(string code, EditPiece piece, CSharpParseOptions options, CancellationToken cancellationToken)
    {
        var unit = (CompilationUnitSyntax)CSharpSyntaxTree.ParseText(code, options, cancellationToken: cancellationToken).GetRoot(cancellationToken);
        string[] usings = [.. unit.Usings.Where(directive => directive is { Alias: null } && directive.StaticKeyword.IsKind(SyntaxKind.None)).Select(directive => directive.Name?.ToString()).OfType<string>()];
        var body = unit.Usings.Count > 0 ? code[unit.Usings[^1].FullSpan.End..] : code;
        if (!piece.IsTopLevel && FindWrappedMembers(unit, piece) is { } inner)
        {
            body = inner;
        }

        const string Before = "class C\n{\n";
        var wrapped = piece.IsTopLevel ? body : $"{Before}{body}\n}}";
        var root = (CompilationUnitSyntax)CSharpSyntaxTree.ParseText(wrapped, options, cancellationToken: cancellationToken).GetRoot(cancellationToken);
        if (root.GetDiagnostics().FirstOrDefault(found => found.Severity == DiagnosticSeverity.Error) is { } error)
        {
            return (null, usings, $"The code does not parse: {error.GetMessage(System.Globalization.CultureInfo.InvariantCulture)}");
        }

        var isMembers = piece.IsTopLevel
            ? root.Members.Count > 0
            : root.Members is [ClassDeclarationSyntax { Members.Count: > 0 } container] && container.Span.End == wrapped.Length;
        return isMembers ? (body.Trim('\r', '\n').TrimEnd(), usings, null) : (null, usings, "The code is not a whole member.");
    }

    /// <summary>The members inside when a model wraps what was asked for in its type or namespace again.</summary>
    private static string? FindWrappedMembers(CompilationUnitSyntax unit, EditPiece piece)
    {
        var container = ((BaseTypeDeclarationSyntax)piece.Members[0].Parent!).Identifier.ValueText;
        var type = unit.DescendantNodes(node => node is CompilationUnitSyntax or BaseNamespaceDeclarationSyntax).OfType<TypeDeclarationSyntax>().FirstOrDefault(type => type.Identifier.ValueText == container);
        return type is { Members.Count: > 0 } && !type.ContainsDiagnostics
            ? unit.ToFullString()[type.Members[0].FullSpan.Start..type.Members[^1].Span.End]
            : null;
    }

    private static async Task<OptionSet> OptionsAsync(Document document, SourceText original, string newLine, CancellationToken cancellationToken)
    {
        var (useTabs, size) = SourceLines.IndentationOf(original);
        return (await document.GetOptionsAsync(cancellationToken))
            .WithChangedOption(FormattingOptions.NewLine, LanguageNames.CSharp, newLine)
            .WithChangedOption(FormattingOptions.UseTabs, LanguageNames.CSharp, useTabs)
            .WithChangedOption(FormattingOptions.IndentationSize, LanguageNames.CSharp, size)
            .WithChangedOption(FormattingOptions.TabSize, LanguageNames.CSharp, size);
    }

    /// <summary>Imports what the new code lacks. What the rest of the file lacks stays as it is: a namespace found for it could turn one error into another.</summary>
    private static async Task<Document> AddUsingsAsync(Document document, TextSpan newCode, string[] asked, string newLine, CancellationToken cancellationToken)
    {
        if (await document.GetSemanticModelAsync(cancellationToken) is not { Compilation: CSharpCompilation compilation } model
            || await document.GetSyntaxRootAsync(cancellationToken) is not CompilationUnitSyntax root)
        {
            return document;
        }

        var namespaces = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var error in model.GetDiagnostics(newCode, cancellationToken).Where(found => UnknownNames.Contains(found.Id) && newCode.Contains(found.Location.SourceSpan)))
        {
            // An unknown name in an expression may mean a type only where a member of it is asked for.
            var access = root.FindNode(error.Location.SourceSpan, getInnermostNodeForTie: true).Parent as MemberAccessExpressionSyntax;
            if (root.FindNode(error.Location.SourceSpan, getInnermostNodeForTie: true) is not SimpleNameSyntax name || (error.Id == "CS0103" && access is null))
            {
                continue;
            }

            var isMember = access?.Name == name;
            var found = NamespaceSearch.Find(compilation, name.Identifier.ValueText, name.Arity, isMember, name.Parent is AttributeSyntax, cancellationToken);
            var wanted = found.Intersect(asked).ToArray();
            if (wanted.Length == 1 || found.Count == 1)
            {
                namespaces.Add(wanted.Length == 1 ? wanted[0] : found.First());
            }
        }

        if (namespaces.Count == 0)
        {
            return document;
        }

        var text = await document.GetTextAsync(cancellationToken);
        return document.WithText(text.WithChanges(UsingDirectives.Insert(namespaces, root, text, newLine)));
    }
}
