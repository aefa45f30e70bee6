using System.Collections.Immutable;
using System.Diagnostics;
using GptOss.CodeAssist.Assistant;
using GptOss.CodeAssist.Assistant.CodeActions;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace GptOss.CodeAssist.Cli.Evaluation;

/// <summary>What listing code actions costs on real code, as an editor asks: when a file is first shown, when the caret moves, after a keystroke.</summary>
/// <remarks>A file's project is compiled before the clock runs, as it is in an editor that has shown the file for a while.</remarks>
internal sealed class ActionListEvaluation(ICodeActionService actions, CSharpWorkspaces workspaces)
{
    private const int MovesInFile = 4;
    private readonly List<TimeSpan> _first = [];
    private readonly List<TimeSpan> _moved = [];
    private readonly List<TimeSpan> _typed = [];
    private readonly Dictionary<CodeActionKind, int> _offers = [];

    public async Task<ActionListReport> RunAsync(IReadOnlyList<string> files, int samples, int seed, CancellationToken cancellationToken)
    {
        var random = new Random(seed);
        foreach (var path in files.OrderBy(_ => random.Next()))
        {
            if (_first.Count == samples)
            {
                break;
            }

            await MeasureAsync(path, random, cancellationToken);
        }

        return new ActionListReport(
            _first.Count,
            Percentiles.Of(_first),
            Percentiles.Of(_moved),
            Percentiles.Of(_typed),
            _offers.OrderByDescending(offer => offer.Value).ToDictionary(offer => CodeActionKinds.NameOf(offer.Key), offer => offer.Value));
    }

    private async Task MeasureAsync(string path, Random random, CancellationToken cancellationToken)
    {
        var text = CodeBase.Read(path);
        var bodies = CSharpSyntaxTree.ParseText(text, cancellationToken: cancellationToken).GetRoot(cancellationToken)
            .DescendantNodes().OfType<BaseMethodDeclarationSyntax>().Select(method => method.Body).OfType<BlockSyntax>().Where(body => body.Statements.Count > 0).ToArray();
        if (bodies.Length == 0)
        {
            return;
        }

        random.Shuffle(bodies);
        var document = new DocumentSnapshot(path, "csharp", 1, text);
        workspaces.FindProject(document);
        await workspaces.PrepareAsync(document, cancellationToken);
        _first.Add(await ListAsync(document, bodies[0].Statements[0].SpanStart, cancellationToken));
        foreach (var body in bodies.Skip(1).Take(MovesInFile))
        {
            _moved.Add(await ListAsync(document, body.Statements[0].SpanStart, cancellationToken));
        }

        var caret = bodies[0].OpenBraceToken.Span.End;
        foreach (var character in "var ")
        {
            document = document with { Version = document.Version + 1, Text = document.Text.WithChanges(new TextChange(new TextSpan(caret, 0), character.ToString())) };
            caret++;
            _typed.Add(await ListAsync(document, caret, cancellationToken));
        }

        workspaces.Close(path);
    }

    private async Task<TimeSpan> ListAsync(DocumentSnapshot document, int caret, CancellationToken cancellationToken)
    {
        var start = Stopwatch.GetTimestamp();
        ImmutableArray<CodeActionOffer> offers = await actions.ListAsync(new CodeActionPlace(document, new TextSpan(caret, 0)), cancellationToken);
        var taken = Stopwatch.GetElapsedTime(start);
        foreach (var offer in offers)
        {
            _offers[offer.Kind] = _offers.GetValueOrDefault(offer.Kind) + 1;
        }

        return taken;
    }
}
