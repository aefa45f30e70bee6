using System.Collections.Immutable;
using GptOss.CodeAssist.Inference;

namespace GptOss.CodeAssist.EngineDaemon.Tests;

/// <summary>Asking an engine, as features do.</summary>
internal static class Texts
{
    public static GenerationRequest Request(string prompt = "prompt") => new() { Prompt = [new PromptPart.Text(prompt)], MaxTokens = 1_000_000 };

    public static async Task<string> AnswerAsync(this IInferenceEngine engine, GenerationRequest? request = null)
    {
        var text = "";
        await foreach (var happened in engine.GenerateAsync(request ?? Request(), TestContext.Current.CancellationToken))
        {
            text += (happened as GenerationEvent.Token)?.Text;
        }

        return text;
    }

    public static async Task<ImmutableArray<GenerationEvent>> EventsAsync(this IInferenceEngine engine, GenerationRequest request) =>
        [.. await engine.GenerateAsync(request, TestContext.Current.CancellationToken).ToArrayAsync(TestContext.Current.CancellationToken)];

    /// <summary>Waits for a status that fits.</summary>
    public static async Task<TStatus> WaitForAsync<TStatus>(this IInferenceEngine engine, Func<TStatus, bool>? fits = null)
        where TStatus : EngineStatus
    {
        var found = new TaskCompletionSource<TStatus>(TaskCreationOptions.RunContinuationsAsynchronously);
        engine.StatusChanged += Look;
        Look(engine.Status);
        try
        {
            return await found.Task.WaitAsync(TestContext.Current.CancellationToken);
        }
        finally
        {
            engine.StatusChanged -= Look;
        }

        void Look(EngineStatus status)
        {
            if (status is TStatus wanted && fits?.Invoke(wanted) != false)
            {
                found.TrySetResult(wanted);
            }
        }
    }
}
