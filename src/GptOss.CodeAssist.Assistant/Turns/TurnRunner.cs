using System.Text;
using GptOss.CodeAssist.Harmony;
using GptOss.CodeAssist.Inference;
using Microsoft.Extensions.Logging;

namespace GptOss.CodeAssist.Assistant.Turns;

/// <summary>Runs one generation of a chat model and reads it as Harmony while it streams.</summary>
internal sealed class TurnRunner(IInferenceEngine engine, ILogger logger)
{
    // Text that repeats a piece of at most this many characters for so long says nothing new. Tables and licences repeat less.
    private const int LongestPeriod = 160;
    private const int LoopLength = 800;

    /// <summary>Generates until the model ends its turn, hits a limit, or repeats itself without end.</summary>
    /// <param name="opening">How the request's prompt opened the turn.</param>
    /// <param name="onEvent">Told each event as it comes.</param>
    /// <exception cref="InferenceException">The engine refused or failed.</exception>
    public async Task<ModelTurn> RunAsync(GenerationRequest request, AssistantOpening opening, Action<HarmonyEvent> onEvent, CancellationToken cancellationToken)
    {
        var parser = new HarmonyParser(new HarmonyParserOptions { Opening = opening });
        var tail = new StringBuilder();
        await foreach (var happened in engine.GenerateAsync(request, cancellationToken))
        {
            if (happened is GenerationEvent.Token token)
            {
                Report(parser.Read(token));
                if (IsLoop(tail))
                {
                    Report(parser.Finish());
                    return new ModelTurn(parser.Messages, TurnEnd.Loop, null);
                }
            }
            else if (happened is GenerationEvent.Finished finished)
            {
                Report(parser.Finish(finished));
                var cut = finished.Reason is FinishReason.TokenLimit or FinishReason.ContextFull;
                return new ModelTurn(parser.Messages, cut ? TurnEnd.Cut : TurnEnd.Complete, finished.Usage);
            }
        }

        throw new InferenceException(InferenceError.Unavailable, "The engine stopped in the middle of an answer.");

        void Report(IReadOnlyList<HarmonyEvent> events)
        {
            foreach (var found in events)
            {
                if (found is HarmonyEvent.Malformed malformed)
                {
                    logger.LogDebug("The model departed from Harmony: {Problem}", malformed.Problem);
                }
                else if (found is HarmonyEvent.ContentDelta delta)
                {
                    tail.Append(delta.Text);
                    tail.Remove(0, Math.Max(0, tail.Length - LoopLength));
                }
                else if (found is HarmonyEvent.MessageStarted)
                {
                    tail.Clear();
                }

                onEvent(found);
            }
        }
    }

    private static bool IsLoop(StringBuilder tail)
    {
        if (tail.Length < LoopLength)
        {
            return false;
        }

        var text = tail.ToString();
        for (var period = 1; period <= LongestPeriod; period++)
        {
            if (text.AsSpan(period).SequenceEqual(text.AsSpan(0, text.Length - period)))
            {
                return true;
            }
        }

        return false;
    }
}
