using System.Globalization;
using Spectre.Console;

namespace GptOss.CodeAssist.Cli.Measuring;

/// <summary>What <c>bench</c> measured, as a table for people.</summary>
internal static class BenchTable
{
    public static void Write(IAnsiConsole console, BenchReport report)
    {
        var table = new Table().AddColumn("what").AddColumn(new TableColumn("measured").RightAligned()).AddColumn("how");
        Add($"{report.LoadMs:N0} ms", "loading", $"until the first request can be worked on");
        if (report is { Prefill: { } prefill, Decode: { } decode })
        {
            Add($"{prefill.TokensPerSecond:N0} tokens/s", "reading a prompt", $"{prefill.Tokens} tokens, median of {report.Rounds}");
            Add($"{decode.TokensPerSecond:N0} tokens/s", "writing an answer", $"{decode.Tokens} tokens, median of {report.Rounds}");
        }

        foreach (var batch in report.Batches ?? [])
        {
            Add($"{batch.Ms:F1} ms", "tokens at once", $"{batch.Tokens}; one after the other {batch.Tokens * report.Batches!.Value[0].Ms:F1}");
        }

        if (report.Typing is { } typing)
        {
            Add($"{typing.EvaluatedPerKeystroke.Mean:F2} tokens", "evaluated per keystroke", $"{typing.Keystrokes} keystrokes, p99 {typing.EvaluatedPerKeystroke.P99:F0}, most {typing.EvaluatedPerKeystroke.Max:F0}, prompts of {typing.PromptTokens:F0}");
            Add($"{typing.OwnMs.P50:F2} ms", "own time per keystroke", $"beside the model; p95 {typing.OwnMs.P95:F2}");
            Add($"{typing.TotalMs.P50:F1} ms", "answer per keystroke", $"p95 {typing.TotalMs.P95:F1}");
        }

        if (report.DraftedEdit is { } edit)
        {
            Add($"{edit.Speedup:F2} times", "drafted edit", $"{edit.Accepted} of {edit.Drafted} drafted tokens accepted, {(edit.Identical ? "same answer" : "ANOTHER ANSWER")}; without repetition {edit.UnrepeatedRatio:F2}");
        }

        if (report.Cancel is { } cancel)
        {
            Add($"{cancel.P95Ms:F1} ms", "cancel to idle, p95", $"p50 {cancel.P50Ms:F1}, most {cancel.MaxMs:F1}");
        }

        if (report.Leaks is { } leaks)
        {
            Add($"{leaks.ResidentGrowthMB:F1} MB", "left by cancelled requests", $"{leaks.Pairs} requests; {leaks.ManagedGrowthMB:F2} of it on the garbage-collected heap");
        }

        if (report.Memory is { } memory)
        {
            Add($"{memory.EngineOverheadMB:F0} MB", "engine memory", $"beside weights {memory.WeightsMB:F0} and cache {memory.CacheMB:F0}");
        }

        if (report.Peer is { } peer)
        {
            if (peer.PrefillRatio is not null)
            {
                Add($"{peer.PrefillRatio:F2}", "reading, ours / peer's", $"peer {peer.PrefillTokensPerSecond:N0} tokens/s");
                Add($"{peer.DecodeRatio:F2}", "writing, ours / peer's", $"peer {peer.DecodeTokensPerSecond:N0} tokens/s");
            }

            if (peer.TypingEvaluatedPerKeystroke is { } typed)
            {
                Add($"{typed.Mean:F1} tokens", "peer per keystroke", $"p99 {typed.P99:F0}, most {typed.Max:F0}");
            }
        }

        console.Write(new Text($"{report.Model}\n"));
        console.Write(table);

        void Add(FormattableString measured, string what, FormattableString how) =>
            table.AddRow(new Text(what), new Text(measured.ToString(CultureInfo.InvariantCulture)), new Text(how.ToString(CultureInfo.InvariantCulture)));
    }
}
