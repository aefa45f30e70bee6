using System.ComponentModel;
using System.Diagnostics;
using System.Text.RegularExpressions;
using GptOss.CodeAssist.Cli.Showing;

namespace GptOss.CodeAssist.Cli.Diagnosis;

/// <summary>Which editors are installed, and whether they show inline completions.</summary>
internal static partial class EditorChecks
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>Editors that say their version on the command line, with the first one that knows <c>textDocument/inlineCompletion</c>; null where none does by itself.</summary>
    private static readonly (string Program, string Name, Version? Since, string Otherwise)[] Known =
    [
        ("nvim", "Neovim", new Version(0, 12), "inline completion came with 0.12"),
        ("code", "VS Code", null, ""),
        ("hx", "Helix", null, "has no inline completion; code actions and chat work"),
        ("emacs", "Emacs", null, ""),
        ("vim", "Vim", null, ""),
    ];

    public static async Task<DoctorCheck> CheckAsync(TimeProvider time, CancellationToken cancellationToken)
    {
        var found = new List<string>();
        foreach (var (program, name, since, otherwise) in Known)
        {
            if (FindVersion(await RunAsync(program, time, cancellationToken)) is { } version)
            {
                var note = otherwise.Length > 0 && (since is null || version < since) ? $" ({otherwise})" : "";
                found.Add($"{name} {version}{note}");
            }
        }

        return DoctorCheck.Ok("editors", found.Count == 0 ? "none found on the PATH" : string.Join(", ", found));
    }

    internal static Version? FindVersion(string? text) => text is not null && Number().Match(text) is { Success: true, Value: var number } && Version.TryParse(number, out var version) ? version : null;

    /// <summary>What a program says to <c>--version</c>; null where there is none, or it says nothing in time.</summary>
    private static async Task<string?> RunAsync(string program, TimeProvider time, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(Patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, "--version") { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true, UseShellExecute = false })!;
            try
            {
                return await process.StandardOutput.ReadLineAsync(either.Token);
            }
            finally
            {
                if (!process.HasExited)
                {
                    process.Kill(entireProcessTree: true);
                }
            }
        }
        catch (Exception exception) when (exception is Win32Exception or InvalidOperationException or OperationCanceledException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            return null;
        }
    }

    [GeneratedRegex(@"\d+\.\d+(\.\d+)?")]
    private static partial Regex Number();
}
