using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using GptOss.CodeAssist.Assistant.Completion;
using GptOss.CodeAssist.Cli.Showing;
using Microsoft.Extensions.Logging;
using Spectre.Console;

namespace GptOss.CodeAssist.Cli.Verbs;

/// <summary><c>complete</c>: asks for a completion as an editor does, and shows it in its place.</summary>
internal sealed class CompleteVerb(GlobalOptions options, CliEnvironment environment)
{
    private readonly Argument<string> _caret = new("caret")
    {
        HelpName = "FILE:LINE:COL",
        Description = "Where to complete, counted from 1.",
    };

    private readonly Option<bool> _automatic = new("--automatic") { Description = "Ask as an editor does while a person types: one candidate." };

    public Command Create()
    {
        var command = new Command("complete", "Shows what an editor would show at a caret.") { _caret, _automatic, options.Json };
        command.SetAction(RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var caret = CaretArgument.Parse(parsed.GetRequiredValue(_caret));
        var document = SourceFile.Open(caret.File);
        var offset = SourceFile.GetOffset(document, caret);
        var trigger = parsed.GetValue(_automatic) ? CompletionTrigger.Automatic : CompletionTrigger.Invoked;

        var logger = new StandardErrorLogger(environment.Error, parsed.GetValue(options.LogLevel) ?? LogLevel.Critical, environment.Time);
        await using var assistant = LocalAssistant.Start(environment, ModelPath.CheckForEngine(environment, options.FindModel(parsed, environment)), logger, settings: options.OpenSettings(parsed, environment));
        await assistant.WaitForModelAsync(cancellationToken);
        // An editor has had its project open for a while.
        await assistant.Workspaces.PrepareAsync(document, cancellationToken);

        var started = environment.Time.GetTimestamp();
        var answer = await assistant.Completion.CompleteAsync(new CompletionRequest(document, offset, trigger), cancellationToken);
        var total = environment.Time.GetElapsedTime(started);

        await using var writer = environment.OpenWriter();
        if (parsed.GetValue(options.Json))
        {
            var report = CompletionReport.Of(answer, document.Text, total);
            await writer.WriteLineAsync(JsonSerializer.Serialize(report, CliJson.Readable.CompletionReport));
        }
        else if (answer.Reason is null)
        {
            Show(environment.OpenConsole(writer), caret, document.Text, answer, total);
        }

        if (answer.Reason is { } reason)
        {
            await environment.Error.WriteLineAsync($"Nothing to show at {caret.File}:{caret.Line}:{caret.Column}: {reason.Message} ({reason.Code})");
            return ExitCodes.Failed;
        }

        return ExitCodes.Done;
    }

    private static void Show(IAnsiConsole console, CaretArgument caret, Microsoft.CodeAnalysis.Text.SourceText text, CompletionAnswer answer, TimeSpan total)
    {
        var best = answer.Candidates[0];
        console.WriteLine($"{caret.File}:{caret.Line}:{caret.Column}", new Style(decoration: Decoration.Bold));
        GhostTextView.Draw(console, text, best.Span, best.InsertText);
        if (!best.Usings.IsEmpty)
        {
            console.WriteLine($"   with: {string.Join(' ', best.Usings.Select(name => $"using {name};"))}", new Style(Color.Grey));
        }

        foreach (var other in answer.Candidates.Skip(1))
        {
            console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"   or: {other.InsertText.ReplaceLineEndings(" ⏎ ")}"), new Style(Color.Grey));
        }

        console.WriteLine(Timings.Describe(answer, total), new Style(Color.Grey));
    }
}
