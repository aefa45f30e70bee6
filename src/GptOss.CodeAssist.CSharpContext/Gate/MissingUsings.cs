using System.Collections.Immutable;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace GptOss.CodeAssist.CSharpContext.Gate;

/// <summary>The namespaces that a candidate's unknown names ask for.</summary>
internal static class MissingUsings
{
    /// <summary>In their order; empty where a name is declared nowhere, or in more than one namespace: nobody is asked to guess.</summary>
    public static ImmutableArray<string> Find(CSharpDocument document, List<SemanticProblem> problems, CancellationToken cancellationToken)
    {
        if (document.Project is not { } project)
        {
            return [];
        }

        var namespaces = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var problem in problems)
        {
            if (problem.Node is not SimpleNameSyntax name || IsQualified(name) && !IsCalledMember(name))
            {
                return [];
            }

            var found = NamespaceSearch.Find(project.Compilation, name.Identifier.ValueText, name.Arity, IsQualified(name), name.Parent is AttributeSyntax, cancellationToken);
            if (found.Count != 1)
            {
                return [];
            }

            namespaces.Add(found.First());
        }

        return [.. namespaces];
    }

    private static bool IsQualified(SimpleNameSyntax name) =>
        name.Parent is MemberAccessExpressionSyntax access && access.Name == name
        || name.Parent is QualifiedNameSyntax qualified && qualified.Right == name
        || name.Parent is MemberBindingExpressionSyntax;

    private static bool IsCalledMember(SimpleNameSyntax name) => name.Parent is { Parent: InvocationExpressionSyntax };
}
