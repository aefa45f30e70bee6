using System.Collections.Immutable;
using System.CommandLine;
using System.Text.Json;
using GptOss.CodeAssist.Assistant.CodeActions;
using GptOss.CodeAssist.Assistant.Turns;
using GptOss.CodeAssist.Cli.Showing;
using GptOss.CodeAssist.CSharpContext.Edits;
using GptOss.CodeAssist.Settings;
using Microsoft.Extensions.Logging;
using Spectre.Console;

namespace GptOss.CodeAssist.Cli.Verbs;

/// <summary><c>act</c>: takes a code action as an editor would, and shows the edit with what the compiler says to it.</summary>
internal sealed class ActVerb(GlobalOptions options, CliEnvironment environment)
{
    private static readonly string KindNames = string.Join(", ", Enum.GetValues<CodeActionKind>().Select(CodeActionKinds.NameOf));

    private readonly Argument<string> _place = new("place")
    {
        HelpName = "FILE:LINE:COL[-LINE:COL]",
        Description = "The caret or the selection, counted from 1.",
    };

    private readonly Option<string> _action = new("--action", "-a") { Required = true, HelpName = "KIND", Description = $"What to do: {KindNames}." };
    private readonly Option<string?> _instruction = new("--instruction", "-i") { HelpName = "TEXT", Description = "What to change, for the action edit." };
    private readonly Option<bool> _write = new("--write", "-w") { Description = "Change the files; without it the edit is only shown." };
    private readonly Option<string?> _effort = EffortOption.Create();

    public Command Create()
    {
        var command = new Command("act", "Takes a code action and shows the edit, which has been compiled in memory.") { _place, _action, _instruction, _write, _effort, options.Trust, options.Json };
        _action.CompletionSources.Add([.. Enum.GetValues<CodeActionKind>().Select(CodeActionKinds.NameOf)]);
        command.SetAction(RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var name = parsed.GetRequiredValue(_action);
        var kind = CodeActionKinds.Find(name) ?? throw CommandFailure.Usage($"There is no action '{name}'; there are {KindNames}.");
        var place = RangeArgument.Parse(parsed.GetRequiredValue(_place));
        var document = SourceFile.Open(place.Start.File);
        if (document.LanguageId != "csharp")
        {
            throw CommandFailure.Usage($"{place.Start.File} is not C#: code actions work on C# files. `chat --file` talks about any.");
        }

        if (kind == CodeActionKind.Edit && string.IsNullOrWhiteSpace(parsed.GetValue(_instruction)))
        {
            throw CommandFailure.Usage("The action edit needs an instruction: --instruction \"what to change\".");
        }

        var request = new CodeActionRequest(document, place.GetSpan(document), kind)
        {
            Instruction = parsed.GetValue(_instruction),
            Effort = EffortOption.Find(parsed.GetValue(_effort)),
        };

        var logger = new StandardErrorLogger(environment.Error, parsed.GetValue(options.LogLevel) ?? LogLevel.Critical, environment.Time);
        var settings = options.OpenSettings(parsed, environment);
        await using var assistant = LocalAssistant.Start(environment, ModelPath.CheckForEngine(environment, settings.For(null).Get(SettingsSchema.Model)), logger, settings: settings);
        await assistant.WaitForModelAsync(cancellationToken);
        if (!parsed.GetValue(options.Json) && ChatModelCheck.FindRefusal(assistant.Engine.Status) is { } refusal)
        {
            throw CommandFailure.Failed(refusal.Message);
        }

        await using var workspace = await LocalWorkspace.OpenAsync(WorkspaceFolder.Find(document.Path), assistant.Engine, logger, environment, GlobalOptions.ReadTrust(settings, environment, logger), cancellationToken);
        var doing = "Asking the model";
        var result = await WaitingLine.ShowAsync(environment, () => doing, workspace.CreateActions().ComputeAsync(request, now => doing = now, cancellationToken));

        var isWritten = parsed.GetValue(_write) && result is CodeActionResult.Edited;
        foreach (var file in isWritten ? ((CodeActionResult.Edited)result).Files : [])
        {
            await FileWriter.WriteAsync(file, cancellationToken);
        }

        var report = Describe(name, result, isWritten);
        await using var writer = environment.OpenWriter();
        if (parsed.GetValue(options.Json))
        {
            await writer.WriteLineAsync(JsonSerializer.Serialize(report, CliJson.Readable.ActionReport));
        }
        else
        {
            Show(environment.OpenConsole(writer), report);
        }

        if (report.Reason is { } reason)
        {
            await environment.Error.WriteLineAsync(reason.Message);
            return ExitCodes.Failed;
        }

        return ExitCodes.Done;
    }

    private static ActionReport Describe(string name, CodeActionResult result, bool isWritten) => result switch
    {
        CodeActionResult.Edited edited => new ActionReport(
            name, edited.Verification == EditVerification.Compiled ? "compiled" : "parsed", edited.Unverified?.Id, edited.Repaired, isWritten, Files(edited.Files), null, null, []),
        CodeActionResult.Explained explained => new ActionReport(name, null, null, false, false, [], explained.Markdown, null, []),
        CodeActionResult.Refused refused => new ActionReport(name, null, null, false, false, Files(refused.Attempt), null, refused.Reason, Errors(refused.Errors)),
        _ => throw new InvalidOperationException($"An action's result that nobody told this class about: {result}"),
    };

    private static ActionReport.File[] Files(ImmutableArray<FileEdit> files) =>
        [.. files.Select(file => new ActionReport.File(file.Path, file.OldText is null, UnifiedDiff.Of(file)))];

    private static ActionReport.Error[] Errors(ImmutableArray<EditError> errors) =>
        [.. errors.Select(error => new ActionReport.Error(error.Id, error.Message, error.Path, error.Line))];

    private static void Show(IAnsiConsole console, ActionReport report)
    {
        foreach (var file in report.Files)
        {
            DiffView.Draw(console, file.Diff);
        }

        foreach (var error in report.Errors)
        {
            console.WriteLine($"{Path.GetFileName(error.Path)}:{error.Line}: {error.Id}: {error.Message}", new Style(Color.Red));
        }

        if (report.Markdown is { } markdown)
        {
            var stream = new MarkdownStream(console);
            stream.Write(markdown);
            stream.Finish();
        }
        else if (report.Reason is null)
        {
            var checkedBy = report.Verification == "compiled" ? "Compiled in memory: no new errors" : "Only parsed: the file belongs to no project that could be loaded";
            console.WriteLine($"{checkedBy}{(report.Repaired ? ", at the second try" : "")}. {(report.Unverified is { } id ? $"Whether {id} is gone could not be told: no analyzer here reports it. " : "")}{(report.Written ? "Written." : "Not written; --write does.")}", new Style(Color.Grey));
        }
    }
}
