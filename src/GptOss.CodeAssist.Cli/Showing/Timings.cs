using System.Globalization;
using GptOss.CodeAssist.Assistant.Completion;

namespace GptOss.CodeAssist.Cli.Showing;

/// <summary>What an answer cost, in one line for a person.</summary>
internal static class Timings
{
    public static string Describe(CompletionAnswer answer, TimeSpan total)
    {
        var usage = answer.Usage;
        var cost = usage is null
            ? "no model was asked"
            : string.Create(CultureInfo.InvariantCulture, $"first token after {usage.FirstToken.TotalMilliseconds:F1} ms · prompt {usage.PromptTokens} tokens, {usage.ReusedTokens} of them reused · {usage.GeneratedTokens} written");
        return string.Create(CultureInfo.InvariantCulture, $"{total.TotalMilliseconds:F1} ms · {cost} · {answer.Model}");
    }
}
