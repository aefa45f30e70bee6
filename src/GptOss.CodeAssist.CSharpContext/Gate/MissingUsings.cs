using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace GptOss.CodeAssist.CSharpContext.Gate;

/// <summary>The namespaces that a candidate's unknown names ask for, and the edit that imports them.</summary>
internal sealed record MissingUsings(ImmutableArray<string> Namespaces, TextChange Edit)
{
    /// <summary>Null where a name is declared nowhere, or in more than one namespace: nobody is asked to guess.</summary>
    public static MissingUsings? Find(CSharpDocument document, int before, List<SemanticProblem> problems, CancellationToken cancellationToken)
    {
        if (document.Project is not { } project)
        {
            return null;
        }

        var namespaces = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var problem in problems)
        {
            if (problem.Node is not SimpleNameSyntax name || IsQualified(name) && !IsCalledMember(name))
            {
                return null;
            }

            var found = NamespaceSearch.Find(project.Compilation, name.Identifier.ValueText, name.Arity, IsQualified(name), name.Parent is AttributeSyntax, cancellationToken);
            if (found.Count != 1)
            {
                return null;
            }

            namespaces.Add(found.First());
        }

        var root = document.Tree.GetRoot(cancellationToken);
        var edit = InsertionOf(namespaces, root, document.Text);
        return namespaces.Count > 0 && edit.Span.End <= before ? new MissingUsings([.. namespaces], edit) : null;
    }

    private static bool IsQualified(SimpleNameSyntax name) =>
        name.Parent is MemberAccessExpressionSyntax access && access.Name == name
        || name.Parent is QualifiedNameSyntax qualified && qualified.Right == name
        || name.Parent is MemberBindingExpressionSyntax;

    private static bool IsCalledMember(SimpleNameSyntax name) => name.Parent is { Parent: InvocationExpressionSyntax };

    private static TextChange InsertionOf(IEnumerable<string> namespaces, SyntaxNode root, SourceText text)
    {
        var newLine = text.Lines.Count > 1 && text.Lines[0].EndIncludingLineBreak - text.Lines[0].End == 2 ? "\r\n" : "\n";
        var unit = (CompilationUnitSyntax)root;
        var usings = unit.Usings.Count > 0 ? unit.Usings : unit.Members.OfType<BaseNamespaceDeclarationSyntax>().FirstOrDefault()?.Usings ?? default;
        var last = usings.LastOrDefault(directive => directive.GlobalKeyword.IsKind(SyntaxKind.None) && directive.StaticKeyword.IsKind(SyntaxKind.None) && directive.Alias is null) ?? usings.LastOrDefault();
        var indentation = last is null ? string.Empty : new string(' ', last.SpanStart - text.Lines.GetLineFromPosition(last.SpanStart).Start);
        var directives = string.Concat(namespaces.Select(name => $"{indentation}using {name};{newLine}"));
        if (last is not null)
        {
            var line = text.Lines.GetLineFromPosition(last.Span.End);
            return line.EndIncludingLineBreak > line.End
                ? new TextChange(new TextSpan(line.EndIncludingLineBreak, 0), directives)
                : new TextChange(new TextSpan(line.End, 0), newLine + directives);
        }

        var first = unit.Members.FirstOrDefault()?.SpanStart ?? text.Length;
        return new TextChange(new TextSpan(text.Lines.GetLineFromPosition(first).Start, 0), directives + newLine);
    }
}
