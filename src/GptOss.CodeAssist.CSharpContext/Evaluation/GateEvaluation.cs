using System.Diagnostics;
using System.Globalization;
using GptOss.CodeAssist.CSharpContext.Gate;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace GptOss.CodeAssist.CSharpContext.Evaluation;

/// <summary>Puts true and mutated text before the gate.</summary>
internal sealed class GateEvaluation(Random random)
{
    private static readonly string[] Inventions = ["Async", "OrDefault", "Internal", "Value", "Count", "Ex", "All", "Info"];

    private readonly List<double> _times = [];
    private readonly List<string> _rejected = [];
    private readonly List<string> _undetected = [];
    private (int Tried, int Caught) _unknownMembers;
    private (int Tried, int Caught) _argumentCounts;

    /// <summary>True texts so far.</summary>
    public int Checked { get; private set; }

    public GateReport Report => new(
        Checked, Percent(_rejected.Count, Checked), [.. _rejected], Percent(_unknownMembers.Caught, _unknownMembers.Tried), _unknownMembers.Tried,
        Percent(_argumentCounts.Caught, _argumentCounts.Tried), _argumentCounts.Tried, [.. _undetected], Percentiles.Of(_times));

    public static double Percent(int part, int whole) => whole == 0 ? 0 : 100.0 * part / whole;

    /// <param name="original">The file as it is on disk, compiled.</param>
    /// <param name="holed">The file with the hole.</param>
    /// <param name="hole">The hole.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <returns>False where the member around the hole does not compile, so that nothing was tried.</returns>
    public bool Try(CSharpDocument original, CSharpDocument holed, Hole hole, CancellationToken cancellationToken)
    {
        if (original.CompiledTree is not { } tree || original.Project is not { } project)
        {
            return false;
        }

        var root = tree.GetRoot(cancellationToken);
        var member = root.FindNode(hole.Span).AncestorsAndSelf().OfType<MemberDeclarationSyntax>().FirstOrDefault();
        var model = project.Compilation.GetSemanticModel(tree);
        if (member is null || model.GetDiagnostics(member.Span, cancellationToken).Any(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error))
        {
            return false;
        }

        var truth = original.Text.ToString(hole.Span);
        var start = Stopwatch.GetTimestamp();
        var verdict = Check(holed, hole, truth, cancellationToken);
        _times.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        Checked++;
        var refusal = verdict is GateVerdict.ShownAsIs
            ? CandidateGate.FindError(holed, CandidateOf(hole, truth), isLikelyRight: false, cancellationToken)
            : verdict.ToString();
        if (refusal is not null)
        {
            _rejected.Add($"{hole.Path}({original.Text.Lines.GetLineFromPosition(hole.Span.Start).LineNumber + 1}): {refusal}");
        }

        _unknownMembers = TryMutation(_unknownMembers, Mutate(root, model, hole, InventMember), original, holed, hole, cancellationToken);
        _argumentCounts = TryMutation(_argumentCounts, Mutate(root, model, hole, ChangeArguments), original, holed, hole, cancellationToken);
        return true;
    }

    private (int Tried, int Caught) TryMutation((int Tried, int Caught) count, Mutation? mutation, CSharpDocument original, CSharpDocument holed, Hole hole, CancellationToken cancellationToken)
    {
        if (mutation is null || FindError(original, hole, mutation.Text, cancellationToken) is not { } error)
        {
            return count;
        }

        var isCaught = Check(holed, hole, mutation.Text, cancellationToken) is not GateVerdict.ShownAsIs;
        if (!isCaught)
        {
            _undetected.Add($"{hole.Path}({original.Text.Lines.GetLineFromPosition(hole.Span.Start).LineNumber + 1}): {mutation.What} // {error.Id}: {error.GetMessage(CultureInfo.InvariantCulture)}");
        }

        return (count.Tried + 1, count.Caught + (isCaught ? 1 : 0));
    }

    private static GateVerdict Check(CSharpDocument holed, Hole hole, string text, CancellationToken cancellationToken) =>
        CandidateGate.Check(holed, CandidateOf(hole, text), cancellationToken);

    private static GateCandidate CandidateOf(Hole hole, string text) => new(new TextSpan(hole.Span.Start, 0), text);

    /// <summary>A mutation that happens to compile is no error, and nobody should catch it.</summary>
    private static Diagnostic? FindError(CSharpDocument original, Hole hole, string mutated, CancellationToken cancellationToken)
    {
        var changed = original.WithChange(hole.Span, mutated);
        var fork = original.Project!.WithTree(original.CompiledTree, changed.Tree);
        return fork.Compilation.GetSemanticModel(changed.Tree).GetDiagnostics(new TextSpan(hole.Span.Start, mutated.Length), cancellationToken).FirstOrDefault(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error);
    }

    private Mutation? Mutate(SyntaxNode root, SemanticModel model, Hole hole, Func<SyntaxNode, SemanticModel, TextChange?> mutation)
    {
        var changes = root.DescendantNodes(hole.Span).Where(node => hole.Span.Contains(node.Span)).Select(node => mutation(node, model)).OfType<TextChange>().ToList();
        if (changes.Count == 0)
        {
            return null;
        }

        var change = changes[random.Next(changes.Count)];
        var text = root.SyntaxTree.GetText().WithChanges(change);
        var line = text.Lines.GetLineFromPosition(change.Span.Start).ToString().Trim();
        return new Mutation(text.ToString(new TextSpan(hole.Span.Start, hole.Span.Length - change.Span.Length + change.NewText!.Length)), line);
    }

    private TextChange? InventMember(SyntaxNode node, SemanticModel model) =>
        node is MemberAccessExpressionSyntax { Name: IdentifierNameSyntax name } && model.GetSymbolInfo(name).Symbol is not (null or INamespaceSymbol)
            ? new TextChange(name.Span, name.Identifier.ValueText + Inventions[random.Next(Inventions.Length)])
            : null;

    private TextChange? ChangeArguments(SyntaxNode node, SemanticModel model)
    {
        if (node is not ArgumentListSyntax list || model.GetSymbolInfo(list.Parent!).Symbol is not IMethodSymbol)
        {
            return null;
        }

        if (list.Arguments.Count > 0 && random.Next(2) == 0)
        {
            var last = list.Arguments[^1];
            var start = list.Arguments.Count > 1 ? list.Arguments.GetSeparator(list.Arguments.Count - 2).SpanStart : last.SpanStart;
            return new TextChange(TextSpan.FromBounds(start, last.Span.End), string.Empty);
        }

        return new TextChange(new TextSpan(list.CloseParenToken.SpanStart, 0), list.Arguments.Count > 0 ? ", 42" : "42");
    }

    /// <summary>A wrong text.</summary>
    /// <param name="Text">The hole's text with the mistake.</param>
    /// <param name="What">The line with the mistake.</param>
    private sealed record Mutation(string Text, string What);
}
