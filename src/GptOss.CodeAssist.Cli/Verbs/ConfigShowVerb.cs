using System.CommandLine;
using System.CommandLine.Completions;
using System.Text.Json;
using GptOss.CodeAssist.Cli.Showing;
using GptOss.CodeAssist.Settings;

namespace GptOss.CodeAssist.Cli.Verbs;

/// <summary><c>config show</c>: every setting, its value, and the place that it comes from.</summary>
internal sealed class ConfigShowVerb(GlobalOptions options, CliEnvironment environment)
{
    private readonly Argument<string?> _key = new("KEY") { Description = "One setting, or the group that several are in, such as completion; with what it is for.", Arity = ArgumentArity.ZeroOrOne };

    private readonly Option<string?> _folder = new("--folder") { Description = "A workspace's folder, or any folder or file in it.", HelpName = "PATH" };

    public Command Create()
    {
        var command = new Command("show", "Shows every setting with the place that its value comes from.") { _key, _folder, options.Json };
        _key.CompletionSources.Add(_ => SettingsSchema.All.Select(setting => new CompletionItem(setting.Key)));
        command.SetAction(RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var key = parsed.GetValue(_key);
        var wanted = SettingsSchema.All.Where(setting => key is null || setting.Key == key || setting.Key.StartsWith(key + ".", StringComparison.Ordinal)).ToList();
        if (wanted.Count == 0)
        {
            throw CommandFailure.Usage($"There is no setting {key}{SettingsLayer.Suggest(key!)}; `gptoss-codeassist config show` lists them.");
        }

        // The child's name stands for any file in the folder.
        var inside = Path.Combine(Path.GetFullPath(parsed.GetValue(_folder) ?? "."), "file");
        var folder = WorkspaceFolder.FindMarked(inside);
        var store = environment.OpenSettings(options.ReadCommandLine(parsed));
        var settings = store.For(folder);
        var report = new ConfigReport(
            store.UserFile,
            folder is null ? null : Path.Combine(folder, SettingsStore.WorkspaceFile),
            [.. wanted.Select(setting => new ConfigReport.Value(setting.Key, settings.GetJson(setting), JsonNamingPolicy.CamelCase.ConvertName(settings.OriginOf(setting).Rank.ToString()), settings.OriginOf(setting).Name, setting.Description))],
            [.. settings.Problems]);
        await using var writer = environment.OpenWriter();
        await writer.WriteLineAsync(parsed.GetValue(options.Json) ? JsonSerializer.Serialize(report, CliJson.Readable.ConfigReport) : Describe(report, isExplained: key is not null));
        return report.Problems.IsEmpty ? ExitCodes.Done : ExitCodes.Failed;
    }

    private static string Describe(ConfigReport report, bool isExplained)
    {
        var key = report.Settings.Max(setting => setting.Key.Length);
        var values = report.Settings.Select(setting => setting.Current?.ToJsonString() ?? "not set").ToList();
        var width = values.Max(value => value.Length);
        var lines = report.Settings.Zip(values, (setting, value) => $"{setting.Key.PadRight(key)}  {value.PadRight(width)}  {(setting.Origin == "builtIn" ? "default" : setting.Place)}{(isExplained ? $"\n    {setting.Description} It wants {SettingsSchema.Find(setting.Key)!.Expected}." : "")}");
        string[] places = [$"Your own settings: {report.UserFile}", .. report.WorkspaceFile is { } file ? [$"This workspace's:  {file}"] : Array.Empty<string>()];
        return string.Join('\n', [.. lines, "", .. places, .. report.Problems.Select(problem => $"Problem: {problem}")]);
    }
}
