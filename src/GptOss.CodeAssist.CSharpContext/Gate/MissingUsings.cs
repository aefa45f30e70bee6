using System.Collections.Immutable;
using GptOss.CodeAssist.CSharpContext.Edits;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace GptOss.CodeAssist.CSharpContext.Gate;

/// <summary>The namespaces that a candidate's unknown names ask for, and the edits that import them.</summary>
internal sealed record MissingUsings(ImmutableArray<string> Namespaces, ImmutableArray<TextChange> Edits)
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

        var root = (CompilationUnitSyntax)document.Tree.GetRoot(cancellationToken);
        var edits = UsingDirectives.Insert(namespaces, root, document.Text, SourceLines.NewLineOf(document.Text));
        return namespaces.Count > 0 && edits.All(edit => edit.Span.End <= before) ? new MissingUsings([.. namespaces], edits) : null;
    }

    private static bool IsQualified(SimpleNameSyntax name) =>
        name.Parent is MemberAccessExpressionSyntax access && access.Name == name
        || name.Parent is QualifiedNameSyntax qualified && qualified.Right == name
        || name.Parent is MemberBindingExpressionSyntax;

    private static bool IsCalledMember(SimpleNameSyntax name) => name.Parent is { Parent: InvocationExpressionSyntax };
}
