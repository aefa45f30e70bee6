using System.Diagnostics;
using GptOss.CodeAssist.CSharpContext.Caret;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace GptOss.CodeAssist.CSharpContext.Evaluation;

/// <summary>Asks at real places which names may stand there, and whether the one that does is among them.</summary>
internal sealed class CaretEvaluation(Random random)
{
    private const int MaximumNames = 3;

    private readonly List<double> _names = [];
    private readonly List<double> _facts = [];
    private readonly List<string> _wrong = [];
    private int _asked;
    private int _listed;

    public CaretReport Report => new(_asked, GateEvaluation.Percent(_listed, _asked), GateEvaluation.Percent(_wrong.Count, _listed), [.. _wrong], Percentiles.Of(_names), Percentiles.Of(_facts));

    /// <param name="original">The file as it is on disk, compiled.</param>
    /// <param name="holed">The file with the hole.</param>
    /// <param name="hole">The hole.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    public void Try(CSharpDocument original, CSharpDocument holed, Hole hole, CancellationToken cancellationToken)
    {
        var start = Stopwatch.GetTimestamp();
        _ = CaretOptions.Find(holed, hole.Span.Start, cancellationToken);
        _facts.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);

        var root = original.CompiledTree!.GetRoot(cancellationToken);
        var names = root.DescendantNodes(hole.Span).OfType<SimpleNameSyntax>().Where(name => hole.Span.Contains(name.Span) && IsAsked(name) && !name.Identifier.Text.StartsWith('@')).ToArray();
        random.Shuffle(names);
        foreach (var name in names.Take(MaximumNames))
        {
            var generated = original.Text.ToString(TextSpan.FromBounds(hole.Span.Start, name.SpanStart + random.Next(Math.Min(3, name.Identifier.Text.Length))));
            start = Stopwatch.GetTimestamp();
            var options = CaretOptions.FindNames(holed, new TextSpan(hole.Span.Start, 0), generated, cancellationToken);
            _names.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
            _asked++;
            if (options is null)
            {
                continue;
            }

            _listed++;
            if (!options.Names.Contains(name.Identifier.Text, StringComparer.Ordinal))
            {
                _wrong.Add($"{hole.Path}({original.Text.Lines.GetLineFromPosition(name.SpanStart).LineNumber + 1}): {name.Identifier.Text} is no member of {options.Of}");
            }
        }
    }

    private static bool IsAsked(SimpleNameSyntax name) => name.Parent switch
    {
        MemberAccessExpressionSyntax access => access.Name == name,
        MemberBindingExpressionSyntax or ObjectCreationExpressionSyntax => true,
        QualifiedNameSyntax { Parent: ObjectCreationExpressionSyntax } qualified => qualified.Right == name,
        _ => false,
    };
}
