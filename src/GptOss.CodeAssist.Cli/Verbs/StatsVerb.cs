using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using GptOss.CodeAssist.Assistant.Completion.Habits;
using GptOss.CodeAssist.Cli.Showing;
using Microsoft.Extensions.Logging;
using Spectre.Console;

namespace GptOss.CodeAssist.Cli.Verbs;

/// <summary><c>stats</c>: how often completions were taken and kept on this machine.</summary>
internal sealed class StatsVerb(GlobalOptions options, CliEnvironment environment)
{
    private readonly Option<bool> _reset = new("--reset") { Description = "Forget all counts, and what was learned from them." };

    public Command Create()
    {
        var command = new Command("stats", "Says how often completions were taken and kept. Counts and lengths only, and they never leave this machine.") { _reset, options.Json };
        command.SetAction(RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        await using var ledger = new CompletionLedgerFile(environment.StatsFile, new StandardErrorLogger(environment.Error, LogLevel.Warning, environment.Time));
        if (parsed.GetValue(_reset))
        {
            ledger.Reset();
        }

        var counts = ledger.Read();
        await using var writer = environment.OpenWriter();
        if (parsed.GetValue(options.Json))
        {
            await writer.WriteLineAsync(JsonSerializer.Serialize(counts, CliJson.Readable.IReadOnlyListCompletionCounts));
        }
        else if (counts.IsEmpty)
        {
            await writer.WriteLineAsync("No completion has been shown yet, or the counts were reset.");
        }
        else
        {
            Show(environment.OpenConsole(writer), counts);
        }

        return ExitCodes.Done;
    }

    private static void Show(IAnsiConsole console, IEnumerable<CompletionCounts> counts)
    {
        var table = new Table().AddColumns("language", "model", "shown", "accepted", "in part", "rejected", "kept of accepted", "characters accepted", "characters kept");
        foreach (var one in counts.OrderByDescending(one => one.Shown))
        {
            table.AddRow(
                Markup.Escape(one.Language),
                Markup.Escape(one.Model),
                Number(one.Shown),
                $"{Number(one.Accepted)} ({Percent(one.Accepted, one.Shown)})",
                $"{Number(one.PartlyAccepted)} ({Percent(one.PartlyAccepted, one.Shown)})",
                $"{Number(one.Rejected)} ({Percent(one.Rejected, one.Shown)})",
                Percent(one.Kept, one.Accepted),
                Number(one.CharactersAccepted),
                Number(one.CharactersKept));
        }

        console.Write(table);
    }

    private static string Number(long value) => value.ToString("N0", CultureInfo.InvariantCulture);

    private static string Percent(long part, long whole) => whole == 0 ? "–" : string.Create(CultureInfo.InvariantCulture, $"{100.0 * part / whole:F0} %");
}
