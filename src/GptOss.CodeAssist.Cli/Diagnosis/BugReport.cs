using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using GptOss.CodeAssist.Cli.Showing;

namespace GptOss.CodeAssist.Cli.Diagnosis;

/// <summary>One Markdown page to paste into a bug report.</summary>
/// <remarks>
/// Of the log it has only the templates of the messages, never what was put into them: those hold paths, names and, where prompts are logged, code.
/// The user's home folder and name, and whatever looks like a password or a token, are taken out of everything else.
/// </remarks>
internal static partial class BugReport
{
    private const int LastEvents = 40;

    public static string Create(DoctorReport report, CliEnvironment environment)
    {
        var page = new StringBuilder();
        page.AppendLine(CultureInfo.InvariantCulture, $"## gptoss-codeassist {report.Version}").AppendLine();
        page.AppendLine("| check | | finding |").AppendLine("| --- | --- | --- |");
        foreach (var check in report.Checks)
        {
            page.AppendLine(CultureInfo.InvariantCulture, $"| {check.Name} | {check.Verdict} | {Clean(check.Finding, environment).Replace("|", "\\|", StringComparison.Ordinal).ReplaceLineEndings(" ")} |");
        }

        page.AppendLine().AppendLine("### What the server logged last, without names and values").AppendLine();
        var events = ReadEvents(ServerLog.FolderOf(environment));
        if (events.Count == 0)
        {
            page.AppendLine("Nothing.");
        }

        foreach (var (line, count) in events)
        {
            page.AppendLine(CultureInfo.InvariantCulture, $"- {line}{(count > 1 ? $" ({count} times)" : "")}");
        }

        return page.ToString();
    }

    /// <summary>Takes the home folder, the user's name and the name of a model server inside somebody's network out.</summary>
    private static string Clean(string text, CliEnvironment environment) =>
        environment.FindModelServer() is { Address.Root: { IsLoopback: false, Host: var host } } ? Clean(text).Replace(host, "SERVER", StringComparison.OrdinalIgnoreCase) : Clean(text);

    /// <summary>Takes the home folder, the user's name, passwords in addresses and tokens out.</summary>
    internal static string Clean(string text)
    {
        text = Token().Replace(Credentials().Replace(text, "://…@"), "…");
        var home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile, Environment.SpecialFolderOption.DoNotVerify);
        var cleaned = home.Length > 1 ? text.Replace(home, "~", StringComparison.OrdinalIgnoreCase) : text;
        var user = Environment.UserName;
        return user.Length > 2 ? cleaned.Replace($"{Path.DirectorySeparatorChar}{user}{Path.DirectorySeparatorChar}", $"{Path.DirectorySeparatorChar}USER{Path.DirectorySeparatorChar}", StringComparison.Ordinal) : cleaned;
    }

    /// <summary>The newest events of the newest log, equal neighbours counted together.</summary>
    private static List<(string Line, int Count)> ReadEvents(string folder)
    {
        var events = new List<(string Line, int Count)>();
        try
        {
            var newest = Directory.Exists(folder) ? Directory.GetFiles(folder, "*.jsonl").MaxBy(File.GetLastWriteTimeUtc) : null;
            foreach (var line in newest is null ? [] : ReadShared(newest).Split('\n', StringSplitOptions.RemoveEmptyEntries))
            {
                if (ReadTemplate(line) is { } template)
                {
                    if (events is [.., var last] && last.Line == template)
                    {
                        events[^1] = (template, last.Count + 1);
                    }
                    else
                    {
                        events.Add((template, 1));
                    }
                }
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            events.Add(("The log cannot be read.", 1));
        }

        return events[Math.Max(0, events.Count - LastEvents)..];
    }

    [GeneratedRegex(@"://[^\s/@]+@")]
    private static partial Regex Credentials();

    /// <summary>Access tokens by the prefixes that their makers give them, keys in queries, and what follows the words that announce one.</summary>
    [GeneratedRegex(@"\b(hf|gh[pousr]|github_pat|glpat|xox[abp])[_-][A-Za-z0-9_-]{8,}|\bsk-[A-Za-z0-9_-]{8,}|(?<=\bBearer\s+)[^\s""']+|(?<=[?&;](api[_-]?key|token|key|password|sig|secret)=)[^\s&""']+", RegexOptions.IgnoreCase)]
    private static partial Regex Token();

    /// <summary>A server may be writing.</summary>
    private static string ReadShared(string path)
    {
        using var reader = new StreamReader(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete));
        return reader.ReadToEnd();
    }

    /// <summary>An event's level, template and kind of exception; null for a line that is none.</summary>
    private static string? ReadTemplate(string line)
    {
        try
        {
            using var document = JsonDocument.Parse(line);
            var root = document.RootElement;
            if (!root.TryGetProperty("@mt", out var template))
            {
                return null;
            }

            var level = root.TryGetProperty("@l", out var told) ? told.GetString() : "Information";
            // Only the type's name: an exception's message may hold anything.
            var exception = root.TryGetProperty("@x", out var thrown) && thrown.GetString() is { } text ? $" [{text.Split(':', '\n')[0]}]" : "";
            return $"{level}: `{template.GetString()?.Replace('`', '\'')}`{exception}";
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
