using System.Diagnostics;
using System.Text.Json;
using GptOss.CodeAssist.Cli.Showing;
using GptOss.CodeAssist.Server;

namespace GptOss.CodeAssist.Cli;

/// <summary>Runs <c>model pull</c> for the server in a process of its own: the server's never opens a connection to the outside.</summary>
internal static class PullProcess
{
    /// <inheritdoc cref="ModelFetching"/>
    public static async Task<FetchedModel> RunAsync(string model, Action<string, int> onProgress, CancellationToken cancellationToken)
    {
        string[] command = [.. ServerProcess.FindProgram(), "model", "pull", "--json", "--", model];
        using var process = Process.Start(new ProcessStartInfo(command[0], command[1..]) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false })
            ?? throw new IOException($"{command[0]} could not be started.");
        try
        {
            process.StandardInput.Close();
            var problem = process.StandardError.ReadToEndAsync(cancellationToken);
            PullEvent? last = null;
            while (await process.StandardOutput.ReadLineAsync(cancellationToken) is { } line)
            {
                last = JsonSerializer.Deserialize(line, CliJson.Compact.PullEvent) ?? last;
                if (last is { Total: > 0 and var total, Done: var done })
                {
                    onProgress($"{(last.Event == "fetching" ? "Fetching" : "Verifying")} {last.File}, {Sizes.Decimal(done ?? 0)} of {Sizes.Decimal(total)}", (int)(100 * (done ?? 0) / total));
                }
            }

            await process.WaitForExitAsync(cancellationToken);
            return process.ExitCode == ExitCodes.Done && last is { Event: "done", Path: not null }
                ? new FetchedModel(true, $"{last.Model} is here: {last.Path}. `gptoss-codeassist model use {last.Model}` chooses it, and the next start of the server loads it.")
                : new FetchedModel(false, (await problem).Trim());
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }
        }
    }
}
