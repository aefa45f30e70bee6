using System.Collections.Immutable;
using System.Globalization;
using GptOss.CodeAssist.CSharpContext.Edits;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace GptOss.CodeAssist.CSharpContext.Gate;

/// <summary>Decides how much of a proposed text may be shown: the compiler's parser first, then its binder.</summary>
/// <remarks>
/// Safe from any thread. A candidate is refused for its names only when the compiler, given the whole file with the candidate in it, agrees, or could
/// say nothing else: the speculative check is quick, the fork that confirms is sure and is paid only by what is about to be refused and may be right.
/// </remarks>
public static class CandidateGate
{
    /// <summary>Checks one candidate. Milliseconds where it is fine or wrong for certain, tens of milliseconds where only a fork can tell.</summary>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static GateVerdict Check(CSharpDocument document, GateCandidate candidate, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(document);
        ArgumentNullException.ThrowIfNull(candidate);
        if (candidate.Replaced.End > document.Text.Length)
        {
            throw new ArgumentOutOfRangeException(nameof(candidate), "The replaced span lies beyond the end of the text.");
        }

        if (string.IsNullOrWhiteSpace(candidate.Text))
        {
            return new GateVerdict.Rejected(RejectionKind.Empty, "the answer is empty");
        }

        (document, candidate) = Import(document, candidate, cancellationToken);
        if (SyntaxCut.FindLongest(document, candidate, candidate.Text.Length, cancellationToken) is not { } cut || IsBlank(candidate, cut.Length))
        {
            return new GateVerdict.Rejected(RejectionKind.Syntax, "the answer does not parse in front of the code that follows");
        }

        var problems = FindProblems(document, candidate, cut, cancellationToken);
        if (problems.Count == 0)
        {
            return Accept(candidate, cut, "the rest of the answer does not parse here");
        }

        if (FindMissingUsings(document, candidate, cut, problems, cancellationToken) is { } needs)
        {
            return needs;
        }

        var verdict = CutBefore(document, candidate, cut, problems[0], cancellationToken) ?? new GateVerdict.Rejected(problems[0].Kind, problems[0].Because);
        return verdict with { IsFinal = IsFinal(problems[0], candidate.Replaced.Start + cut.Length) };
    }

    /// <summary>What the compiler has against a candidate that <see cref="Check"/> lets through; null for nothing.</summary>
    /// <remarks>
    /// A millisecond where the last good compilation makes sense of everything in it; where it does not, the file is bound anew around the candidate,
    /// which takes a hundred in a large project. Where packages are missing, what depends on them is passed over.
    /// </remarks>
    /// <param name="isLikelyRight">Whether the candidate is to be believed where only binding the file anew could tell, and has no reason to.</param>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static string? FindError(CSharpDocument document, GateCandidate candidate, bool isLikelyRight, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(document);
        ArgumentNullException.ThrowIfNull(candidate);
        (document, candidate) = Import(document, candidate, cancellationToken);
        var changed = document.WithChange(candidate.Replaced, candidate.Text);
        if (changed.Project is not { } project)
        {
            return null;
        }

        var span = new TextSpan(candidate.Replaced.Start, candidate.Text.Length);
        var speculation = Speculation.Around(changed, span, cancellationToken);
        SyntaxNode? invalid = null;
        var isClean = speculation is null ? DeclarationCheck.IsClean(changed, span, cancellationToken) : OperationCheck.IsClean(speculation, span, out invalid, cancellationToken);
        if (speculation is not null && invalid is not null && Speculation.IsCertain(document) && SemanticCheck.KnowsAllNames(speculation.Model, speculation.Root, span, cancellationToken))
        {
            return new SemanticProblem(RejectionKind.Other, invalid.Span, invalid.ToString(), invalid).Because;
        }

        // A declaration was bound anew already, because that alone lets it through.
        var mayBeBelieved = isLikelyRight && speculation is not null && !project.ReferencesComplete;
        return isClean || mayBeBelieved ? null : ForkedErrors.FindFirst(changed, span, cancellationToken)?.GetMessage(CultureInfo.InvariantCulture);
    }

    /// <summary>Has the compiler look at the code around a caret, so that <see cref="Check"/> and <see cref="FindError"/> find known there what every candidate needs.</summary>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static void Prepare(CSharpDocument document, int caret, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(document);
        _ = document.Tree.GetDiagnostics(cancellationToken).Any();
        if (Speculation.Find(document, caret, cancellationToken) is { } speculation)
        {
            OperationCheck.IsClean(speculation, speculation.Root.Span, cancellationToken);
            _ = new Doubt(document, speculation.Model).HasUnresolvedUsings(cancellationToken);
        }
        else
        {
            DeclarationCheck.IsClean(document, new TextSpan(caret, 0), cancellationToken);
        }
    }

    /// <summary>Reads what a document's project references, so that <see cref="Check"/> knows at once which namespace a name belongs to.</summary>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static void PrepareReferences(CSharpDocument document, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(document);
        if (document.Project is { Compilation: var compilation })
        {
            NamespaceSearch.Prepare(compilation, cancellationToken);
        }
    }

    /// <summary>The document with the namespaces imported that a candidate needs, and the candidate in its place there.</summary>
    private static (CSharpDocument Document, GateCandidate Candidate) Import(CSharpDocument document, GateCandidate candidate, CancellationToken cancellationToken)
    {
        if (candidate.Usings.IsEmpty)
        {
            return (document, candidate);
        }

        var edits = UsingDirectives.Insert(candidate.Usings, document.Tree.GetCompilationUnitRoot(cancellationToken), document.Text, SourceLines.NewLineOf(document.Text));
        var moved = edits.Where(edit => edit.Span.End <= candidate.Replaced.Start).Sum(edit => edit.NewText?.Length ?? 0);
        return (document.WithChanges(edits), new GateCandidate(new TextSpan(candidate.Replaced.Start + moved, candidate.Replaced.Length), candidate.Text));
    }

    private static GateVerdict Accept(GateCandidate candidate, SyntaxCut cut, string because)
    {
        if (cut.Length == candidate.Text.Length && cut.Closers.Length == 0)
        {
            return new GateVerdict.ShownAsIs(candidate.Text);
        }

        var reason = cut.Length == candidate.Text.Length ? "the answer left brackets open" : because;
        return new GateVerdict.CutTo(candidate.Text[..cut.Length] + cut.Closers, cut.Length, cut.Closers, reason);
    }

    private static List<SemanticProblem> FindProblems(CSharpDocument document, GateCandidate candidate, SyntaxCut cut, CancellationToken cancellationToken)
    {
        var changed = cut.Document;
        if (changed.Project is null || changed.CompiledTree is null)
        {
            return [];
        }

        var span = new TextSpan(candidate.Replaced.Start, cut.Length);
        if (Speculation.Around(changed, span, cancellationToken) is { } speculation)
        {
            var doubt = new Doubt(changed, speculation.Model);
            var suspects = SemanticCheck.Find(speculation.Model, speculation.Root, span, cancellationToken)
                .Where(problem => !doubt.Covers(problem, cancellationToken))
                .OrderBy(problem => problem.Span.Start)
                .ToList();
            if (suspects.Count == 0)
            {
                return [];
            }

            if (Speculation.IsCertain(document) && !OperationCheck.IsClean(speculation, span, cancellationToken))
            {
                // Two looks agree, and a fork would see nothing else.
                return suspects;
            }

            var errors = ForkedErrors.Find(document, changed, span, cancellationToken);
            return [.. suspects.Where(suspect => errors.Any(error => error.Location.SourceSpan.IntersectsWith(suspect.Span)))];
        }

        if (DeclarationCheck.IsClean(changed, span, out var wrong, cancellationToken))
        {
            return [];
        }

        var isCertain = wrong is not null && Speculation.IsCertain(document) && !new Doubt(changed, changed.Project.ModelOf(changed.CompiledTree)).Covers(wrong, cancellationToken);
        return isCertain ? [wrong!] : ForkedErrors.FindProblems(document, changed, span, cancellationToken);
    }

    private static GateVerdict.NeedsUsing? FindMissingUsings(CSharpDocument document, GateCandidate candidate, SyntaxCut cut, List<SemanticProblem> problems, CancellationToken cancellationToken)
    {
        if (problems.Any(problem => problem.Kind != RejectionKind.UnknownName) || MissingUsing.Find(document, problems, cancellationToken) is not [_, ..] missing)
        {
            return null;
        }

        // The namespaces are only a guess until the compiler has seen them.
        var text = candidate.Text[..cut.Length] + cut.Closers;
        ImmutableArray<string> namespaces = [.. missing.Select(one => one.Namespace).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        var isRight = Speculation.IsCertain(document) && MissingUsing.FindQualified(cut.Document, missing) is { } qualified && Speculation.Around(qualified, SpanIn(qualified), cancellationToken) is { } speculation
            ? OperationCheck.IsClean(speculation, SpanIn(qualified), cancellationToken)
            : IsRightWith(namespaces);
        return isRight ? new GateVerdict.NeedsUsing(text, namespaces) : null;

        TextSpan SpanIn(CSharpDocument other) => new(candidate.Replaced.Start, cut.Length + other.Text.Length - cut.Document.Text.Length);

        bool IsRightWith(ImmutableArray<string> usings)
        {
            var (imported, moved) = Import(document, candidate with { Text = text, Usings = usings }, cancellationToken);
            var (changed, span) = (imported.WithChange(moved.Replaced, text), new TextSpan(moved.Replaced.Start, cut.Length));
            return ForkedErrors.Find(document, changed, span, cancellationToken).Count == 0 && ForkedErrors.FindFirst(changed, span, cancellationToken) is null;
        }
    }

    /// <summary>What stands before the statement that does not bind is still worth showing.</summary>
    private static GateVerdict? CutBefore(CSharpDocument document, GateCandidate candidate, SyntaxCut cut, SemanticProblem problem, CancellationToken cancellationToken)
    {
        var offending = problem.Node.AncestorsAndSelf().FirstOrDefault(node => node is StatementSyntax and not BlockSyntax or MemberDeclarationSyntax);
        var limit = (offending?.FullSpan.Start ?? 0) - candidate.Replaced.Start;
        if (limit <= 0 || IsBlank(candidate, limit))
        {
            return null;
        }

        var kept = candidate.Text[..limit].TrimEnd().Length;
        return SyntaxCut.FindLongest(document, candidate, kept, cancellationToken) is { } shorter && !IsBlank(candidate, shorter.Length)
            && FindProblems(document, candidate, shorter, cancellationToken).Count == 0
            ? Accept(candidate, shorter, problem.Because)
            : null;
    }

    /// <summary>Whether nothing that may follow a candidate mends a problem of it: the statement, or the header of one with a block, is whole.</summary>
    /// <param name="end">Where the candidate ends.</param>
    private static bool IsFinal(SemanticProblem problem, int end)
    {
        // What is called by its name alone may be a function that follows, and what a lambda's body says decides what its call means.
        var mayFollow = problem.Kind == RejectionKind.UnknownName && problem.Node is SimpleNameSyntax { Parent: InvocationExpressionSyntax };
        var isOpen = problem.Node.Ancestors().TakeWhile(node => node is not MemberDeclarationSyntax).Any(node => node is AnonymousFunctionExpressionSyntax && node.Span.End >= end);
        var last = problem.Node.AncestorsAndSelf().FirstOrDefault(node => node is StatementSyntax and not BlockSyntax) switch
        {
            IfStatementSyntax statement => statement.CloseParenToken,
            WhileStatementSyntax statement => statement.CloseParenToken,
            CommonForEachStatementSyntax statement => statement.CloseParenToken,
            ForStatementSyntax statement => statement.CloseParenToken,
            UsingStatementSyntax statement => statement.CloseParenToken,
            LockStatementSyntax statement => statement.CloseParenToken,
            SwitchStatementSyntax or FixedStatementSyntax or TryStatementSyntax or LocalFunctionStatementSyntax or null => default,
            var statement => statement.GetLastToken(includeZeroWidth: true),
        };
        return !mayFollow && !isOpen && last is { RawKind: not (int)SyntaxKind.None, IsMissing: false } && problem.Span.End <= last.Span.End && last.Span.End <= end;
    }

    private static bool IsBlank(GateCandidate candidate, int length) => string.IsNullOrWhiteSpace(candidate.Text[..length]);
}
