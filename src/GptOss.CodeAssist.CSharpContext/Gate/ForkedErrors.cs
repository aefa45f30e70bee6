using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace GptOss.CodeAssist.CSharpContext.Gate;

/// <summary>The compiler's own errors for a span of a changed file, from a fork of the compilation.</summary>
internal static class ForkedErrors
{
    /// <summary>What is wrong with compiled files anyway: looked for once a compilation, because a whole file is bound for it.</summary>
    private static readonly ConditionalWeakTable<CompiledProject, ConcurrentDictionary<SyntaxTree, HashSet<(string Id, string Message)>>> Known = [];

    /// <summary>Errors inside the span that the file did not have before, by identifier and message.</summary>
    public static List<Diagnostic> Find(CSharpDocument before, CSharpDocument changed, TextSpan span, CancellationToken cancellationToken)
    {
        if (changed.Project is not { } project)
        {
            return [];
        }

        var errors = Fork.Of(project, changed, span, cancellationToken).Diagnostics
            .Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error && diagnostic.Location.SourceSpan.IntersectsWith(span) && KindOf(diagnostic.Id) is not null)
            .Where(diagnostic => !NeedsBases(diagnostic.Id) || (project.ReferencesComplete && !IsStillToBeWritten(diagnostic, changed.Tree.GetRoot(cancellationToken))))
            .ToList();
        if (errors.Count == 0 || project.ReferencesComplete)
        {
            return errors;
        }

        // Without all packages the file has unknown names of its own; meeting one of them again proves nothing.
        var known = KnownErrors(before, cancellationToken);
        errors.RemoveAll(error => known.Contains((error.Id, error.GetMessage(null))));
        return errors;
    }

    /// <summary>The first error of any kind that a span of a changed file has; null where it has none that proves something.</summary>
    public static Diagnostic? FindFirst(CSharpDocument changed, TextSpan span, CancellationToken cancellationToken)
    {
        if (changed.Project is not { } project || changed.CompiledTree is null)
        {
            return null;
        }

        var isSure = project is { ReferencesComplete: true, GeneratorsRan: true };
        return Fork.Of(project, changed, span, cancellationToken).Diagnostics
            .Where(error => error.Severity == DiagnosticSeverity.Error && error.Location.SourceSpan.IntersectsWith(span))
            .Where(error => !IsOfUnfinishedText(error.Id) && (isSure || (KindOf(error.Id) != RejectionKind.UnknownName && !NeedsBases(error.Id))))
            .FirstOrDefault(error => !IsStillToBeWritten(error, changed.Tree.GetRoot(cancellationToken)));
    }

    /// <summary>What only the rest of a member can mend: assignments, returns and bodies that are still to come.</summary>
    private static bool IsOfUnfinishedText(string id) => id is "CS0161" or "CS0165" or "CS0177" or "CS0170" or "CS0171" or "CS0501" or "CS1513" or "CS8070" or "CS1643";

    /// <summary>The same errors as problems, for text that no speculation reaches: whole members, types, using directives.</summary>
    public static List<SemanticProblem> FindProblems(CSharpDocument before, CSharpDocument changed, TextSpan span, CancellationToken cancellationToken)
    {
        if (changed.Project is not { } project)
        {
            return [];
        }

        var fork = Fork.Of(project, changed, span, cancellationToken);
        var root = fork.Tree.GetRoot(cancellationToken);
        var problems = new List<SemanticProblem>();
        foreach (var error in Find(before, changed, span, cancellationToken).OrderBy(error => error.Location.SourceSpan.Start))
        {
            var node = root.FindNode(error.Location.SourceSpan, getInnermostNodeForTie: true);
            problems.Add(new SemanticProblem(KindOf(error.Id)!.Value, error.Location.SourceSpan, node is SimpleNameSyntax name ? name.Identifier.ValueText : node.ToString(), node));
        }

        if (problems.Count == 0)
        {
            return problems;
        }

        var doubt = new Doubt(changed, fork.Project.ModelOf(fork.Tree));
        problems.RemoveAll(problem => doubt.Covers(problem, cancellationToken));
        return problems;
    }

    private static HashSet<(string Id, string Message)> KnownErrors(CSharpDocument before, CancellationToken cancellationToken)
    {
        if (before.Project is not { } project || before.CompiledTree is not { } tree)
        {
            return [];
        }

        return Known.GetOrCreateValue(project).GetOrAdd(tree, one => [.. project.ForErrors().Compilation.GetSemanticModel(one).GetDiagnostics(null, cancellationToken)
            .Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error)
            .Select(diagnostic => (diagnostic.Id, diagnostic.GetMessage(null)))]);
    }

    /// <summary>The errors that a candidate is refused for. Definite assignment, missing returns and their like belong to text that is still being written.</summary>
    private static RejectionKind? KindOf(string id) => id switch
    {
        "CS0103" or "CS0117" or "CS1061" or "CS0246" or "CS0234" or "CS0400" or "CS0426" or "CS0305" or "CS0308" or "CS1935" => RejectionKind.UnknownName,
        "CS1501" or "CS7036" or "CS1729" or "CS1739" or "CS1593" or "CS1500" or "CS1744" => RejectionKind.ArgumentCount,
        "CS1503" or "CS1615" or "CS1620" or "CS0029" or "CS0030" or "CS0266" or "CS1929" or "CS1950" or "CS0411" or "CS0121" or "CS1660" or "CS1661" or "CS1678" or "CS8917" or "CS0019" or "CS0023" => RejectionKind.WrongType,
        "CS0122" or "CS0120" or "CS0118" or "CS0119" or "CS1955" or "CS0144" or "CS0428" or "CS0176" or "CS0131" or "CS0200" or "CS0191" or "CS0272" or "CS0021" or "CS0149" or "CS1579"
            or "CS0201" or "CS0127" or "CS0126" or "CS1997" or "CS0128" or "CS0136" or "CS0841" or "CS0037" or "CS0156" or "CS8116" or "CS0152" or "CS0205" or "CS0446" => RejectionKind.Other,
        // Declarations that contradict what is there: names taken, modifiers that exclude each other, bases that cannot be.
        "CS0100" or "CS0101" or "CS0102" or "CS0111" or "CS0106" or "CS0112" or "CS0113" or "CS0146" or "CS0509" or "CS0525" or "CS0527" or "CS0542" or "CS0708" or "CS1721" or "CS0723" => RejectionKind.Other,
        _ when NeedsBases(id) => RejectionKind.Other,
        _ => null,
    };

    /// <summary>Errors that only prove something where all base types are known.</summary>
    private static bool NeedsBases(string id) => id is "CS0115" or "CS0506" or "CS0508" or "CS0534" or "CS0535" or "CS0538" or "CS0539";

    /// <summary>A type whose members are still to be written owes its bases nothing yet.</summary>
    private static bool IsStillToBeWritten(Diagnostic error, SyntaxNode root) =>
        error.Id is "CS0534" or "CS0535" && root.FindNode(error.Location.SourceSpan).FirstAncestorOrSelf<TypeDeclarationSyntax>() is not { Members.Count: > 0 };
}
