using GptOss.CodeAssist.Assistant.Completion;
using GptOss.CodeAssist.CSharpContext.Edits;
using GptOss.CodeAssist.Inference;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Text;
using Microsoft.Extensions.Logging;

namespace GptOss.CodeAssist.Cli.Evaluation;

/// <summary>Takes pieces out of real code, has them completed the way an editor asks, and compares.</summary>
internal sealed class CompletionEvaluation(IInferenceEngine engine, CodeBase code, ILogger logger, TimeProvider time)
{
    /// <summary>The holes for a seed: each from a file chosen at random, so that large files do not dominate.</summary>
    public IReadOnlyList<HeldOut> ChooseHoles(HoleKind kind, int samples, int seed)
    {
        // The same seed must choose the same holes; nothing depends on nobody guessing them.
#pragma warning disable CA5394
        var random = new Random(seed);
        var holes = new List<HeldOut>();
        for (var attempt = 0; attempt < samples * 20 && holes.Count < samples && code.Files.Count > 0; attempt++)
        {
            var path = code.Files[random.Next(code.Files.Count)];
            var tree = CSharpSyntaxTree.ParseText(CodeBase.Read(path), new CSharpParseOptions(LanguageVersion.Preview), path);
            if (HoleFinder.Find(tree, kind, random) is { } hole && !holes.Exists(other => other.Path == hole.Path && other.Span == hole.Span))
            {
                holes.Add(hole);
            }
        }
#pragma warning restore CA5394

        return holes;
    }

    /// <param name="warmUp">Holes that are completed first and not counted, so that what a process does once is not taken for what an answer costs.</param>
    public async Task<IReadOnlyList<Outcome>> RunAsync(
        IReadOnlyList<HeldOut> holes, IReadOnlyList<HeldOut> warmUp, CompletionOptions options, Action<int> report, CancellationToken cancellationToken)
    {
        // What follows an answer is never asked for here, computing it ahead would disturb the times, and nobody types.
        var service = new CompletionService(engine, options with { Prefetch = false, Debounce = false }, logger, time, code.Workspace);
        foreach (var hole in warmUp)
        {
            await CompleteAsync(service, hole, cancellationToken);
        }

        var outcomes = new List<Outcome>();
        foreach (var hole in holes)
        {
            outcomes.Add(await CompleteAsync(service, hole, cancellationToken));
            report(outcomes.Count);
        }

        return outcomes;
    }

    private async Task<Outcome> CompleteAsync(CompletionService service, HeldOut hole, CancellationToken cancellationToken)
    {
        var original = await code.OpenAsync(hole, cancellationToken);
        await code.TakeOutAsync(hole, cancellationToken);
        // A person comes to a place by way of the line before it, and what was found there is still at hand.
        var lineBefore = hole.Text.Lines[Math.Max(0, hole.Text.Lines.GetLineFromPosition(hole.Span.Start).LineNumber - 1)];
        await service.PrepareAsync(CodeBase.Snapshot(hole, hole.Text), lineBefore.End, cancellationToken);
        var request = new CompletionRequest(CodeBase.Snapshot(hole, hole.Text), hole.Span.Start, CompletionTrigger.Automatic);
        var started = time.GetTimestamp();
        var answer = await service.CompleteAsync(request, cancellationToken);
        var total = time.GetElapsedTime(started);
        code.Close(hole);
        var outcome = new Outcome
        {
            Before = hole.Text.ToString(TextSpan.FromBounds(hole.Text.Lines.GetLineFromPosition(hole.Span.Start).Start, hole.Span.Start)),
            Expected = hole.Expected,
            Reason = answer.Reason,
            Usage = answer.Usage,
            Total = total,
        };
        if (answer.Candidates is not [var shown, ..])
        {
            return outcome;
        }

        // What it needs is imported when it is taken.
        var imports = UsingDirectives.FindMissing(hole.Text, shown.Usings, cancellationToken);
        var changed = hole.Text.WithChanges([.. imports, new TextChange(shown.Span, shown.InsertText)]);
        var inserted = new TextSpan(shown.Span.Start + imports.Sum(import => import.NewText?.Length ?? 0), shown.InsertText.Length);
        return outcome with { Shown = shown.InsertText, Usings = shown.Usings, Errors = CodeBase.FindNewErrors(original, hole, changed, inserted, cancellationToken) };
    }
}
