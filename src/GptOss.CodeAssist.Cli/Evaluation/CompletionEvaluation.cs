using GptOss.CodeAssist.Assistant;
using GptOss.CodeAssist.Assistant.Completion;
using GptOss.CodeAssist.Inference;
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
        for (var attempt = 0; attempt < samples * 20 && holes.Count < samples && !code.Trees.IsEmpty; attempt++)
        {
            if (HoleFinder.Find(code.Trees[random.Next(code.Trees.Length)], kind, random) is { } hole)
            {
                holes.Add(hole);
            }
        }
#pragma warning restore CA5394

        return holes;
    }

    public async Task<IReadOnlyList<Outcome>> RunAsync(IReadOnlyList<HeldOut> holes, CompletionOptions options, Action<int> report, CancellationToken cancellationToken)
    {
        // What follows an answer is never asked for here, and computing it ahead would disturb the times.
        var service = new CompletionService(engine, options with { Prefetch = false }, logger, time, _ => code.Project);
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
        var request = new CompletionRequest(new DocumentSnapshot(hole.Path, "csharp", 1, hole.Text), hole.Span.Start, CompletionTrigger.Automatic);
        var started = time.GetTimestamp();
        var answer = await service.CompleteAsync(request, cancellationToken);
        var total = time.GetElapsedTime(started);
        var model = answer.Usage is { } usage ? usage.FirstToken + usage.Decode : TimeSpan.Zero;
        var own = total > model ? total - model : TimeSpan.Zero;
        var before = hole.Text.ToString(TextSpan.FromBounds(hole.Text.Lines.GetLineFromPosition(hole.Span.Start).Start, hole.Span.Start));
        if (answer.Candidates is not [var shown, ..])
        {
            return new Outcome(before, hole.Expected, null, answer.Reason?.Message, null, answer.Usage?.FirstToken, total, own);
        }

        var errors = code.FindNewErrors(hole, hole.Text.WithChanges(new TextChange(shown.Span, shown.InsertText)), new TextSpan(shown.Span.Start, shown.InsertText.Length), cancellationToken);
        return new Outcome(before, hole.Expected, shown.InsertText, null, errors, answer.Usage?.FirstToken, total, own);
    }
}
