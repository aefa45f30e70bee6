using System.Collections.Immutable;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace GptOss.CodeAssist.CSharpContext.Gate;

/// <summary>A name of a candidate that is known where a namespace is imported.</summary>
/// <param name="Name">The name, in the document that holds the candidate.</param>
/// <param name="Namespace">The one namespace that declares it.</param>
internal sealed record MissingUsing(SimpleNameSyntax Name, string Namespace)
{
    /// <summary>One for each unknown name; none at all where a name is declared nowhere, or in more than one namespace: nobody is asked to guess.</summary>
    public static ImmutableArray<MissingUsing> Find(CSharpDocument document, List<SemanticProblem> problems, CancellationToken cancellationToken)
    {
        if (document.Project is not { } project)
        {
            return [];
        }

        var missing = ImmutableArray.CreateBuilder<MissingUsing>();
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

            missing.Add(new MissingUsing(name, found.First()));
        }

        return missing.ToImmutable();
    }

    /// <summary>The names written with their namespaces, which means the same as importing them; null where a name is an extension method's, which cannot be written so.</summary>
    /// <param name="changed">The document that holds the candidate.</param>
    public static CSharpDocument? FindQualified(CSharpDocument changed, ImmutableArray<MissingUsing> missing) =>
        missing.Any(one => IsQualified(one.Name)) ? null : changed.WithChanges(missing.Select(one => new TextChange(new TextSpan(one.Name.SpanStart, 0), $"global::{one.Namespace}.")));

    private static bool IsQualified(SimpleNameSyntax name) =>
        name.Parent is MemberAccessExpressionSyntax access && access.Name == name
        || name.Parent is QualifiedNameSyntax qualified && qualified.Right == name
        || name.Parent is MemberBindingExpressionSyntax;

    private static bool IsCalledMember(SimpleNameSyntax name) => name.Parent is { Parent: InvocationExpressionSyntax };
}
