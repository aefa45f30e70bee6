using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using GptOss.CodeAssist.Assistant;
using GptOss.CodeAssist.Assistant.CodeActions;
using GptOss.CodeAssist.Assistant.Prompts;
using GptOss.CodeAssist.Cli.Evaluation;
using GptOss.CodeAssist.Cli.Showing;
using Microsoft.Extensions.Logging.Abstractions;

namespace GptOss.CodeAssist.Cli.Verbs;

/// <summary><c>eval actions</c>: measures on a real repository how long an editor waits for the list of code actions. The model is not asked.</summary>
internal sealed class EvalActionsVerb(GlobalOptions options, CliEnvironment environment)
{
    private readonly Option<string> _repository = new("--repo") { HelpName = "PATH", Description = "The repository to measure on.", Required = true };
    private readonly Option<int> _samples = new("--samples") { HelpName = "N", Description = "Files to look at.", DefaultValueFactory = _ => 40 };
    private readonly Option<int> _seed = new("--seed") { HelpName = "S", Description = "Chooses the files and places.", DefaultValueFactory = _ => 1 };

    public Command Create()
    {
        var command = new Command("actions", "Measures how long listing code actions takes.") { _repository, _samples, _seed, options.Json };
        command.SetAction(RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var folder = Path.GetFullPath(parsed.GetRequiredValue(_repository));
        if (!Directory.Exists(folder))
        {
            throw CommandFailure.Usage($"There is no folder {folder}.");
        }

        await using var assistant = LocalAssistant.Start(environment, parsed.GetValue(options.Model), NullLogger.Instance, settings: options.OpenSettings(parsed, environment));
        await assistant.WaitForModelAsync(cancellationToken);
        await using var workspaces = new CSharpWorkspaces(_ => folder, NullLogger.Instance, environment.Time);
        await using var code = new CodeBase(folder, NullLogger.Instance, environment.Time);
        var actions = new CodeActionService(assistant.Engine, workspaces.FindSource, PromptLibrary.BuiltInOnly, NullLogger.Instance);
        var report = await new ActionListEvaluation(actions, workspaces).RunAsync(code.Files, parsed.GetValue(_samples), parsed.GetValue(_seed), cancellationToken);

        await using var writer = environment.OpenWriter();
        await writer.WriteLineAsync(parsed.GetValue(options.Json) ? JsonSerializer.Serialize(report, CliJson.Readable.ActionListReport) : Describe(report));
        return ExitCodes.Done;
    }

    private static string Describe(ActionListReport report) => string.Create(
        CultureInfo.InvariantCulture,
        $"""
        {report.Files} files; milliseconds, median and 95th percentile
        first list of a file   {report.First.P50} {report.First.P95}
        caret moved            {report.Moved.P50} {report.Moved.P95}
        after a keystroke      {report.Typed.P50} {report.Typed.P95}
        offered: {string.Join(", ", report.Offers.Select(offer => $"{offer.Key} {offer.Value}"))}
        """);
}
