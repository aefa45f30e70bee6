using System.CommandLine;
using System.Text.Json;
using GptOss.CodeAssist.Cli.Showing;
using GptOss.CodeAssist.CSharpContext.Related;
using GptOss.CodeAssist.CSharpContext.Workspace;
using Microsoft.Extensions.Logging;
using Microsoft.ML.Tokenizers;

namespace GptOss.CodeAssist.Cli.Verbs;

/// <summary><c>context</c>: prints what a model would be told about a caret beside the file itself, why, and how long finding it took.</summary>
internal sealed class ContextVerb(GlobalOptions options, CliEnvironment environment)
{
    private readonly Argument<string> _caret = new("caret")
    {
        HelpName = "FILE:LINE:COL",
        Description = "Where to look, counted from 1.",
    };

    private readonly Option<int> _budget = new("--budget")
    {
        HelpName = "N",
        Description = "How many tokens of context at most.",
        DefaultValueFactory = _ => 2048,
    };

    private readonly Option<string> _root = new("--root")
    {
        HelpName = "FOLDER",
        Description = "The workspace; where it is not given, the nearest folder above the file that holds a repository or a solution.",
    };

    public Command Create()
    {
        var command = new Command("context", "Prints the related code that a model would be shown at a caret.") { _caret, _budget, _root, options.Json };
        command.SetAction(RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var caret = CaretArgument.Parse(parsed.GetRequiredValue(_caret));
        var budget = parsed.GetValue(_budget);
        if (budget <= 0)
        {
            throw CommandFailure.Usage("--budget is a number of tokens from 1.");
        }

        var file = SourceFile.Open(caret.File);
        var offset = SourceFile.GetOffset(file, caret);
        var logger = new StandardErrorLogger(environment.Error, parsed.GetValue(options.LogLevel) ?? LogLevel.Critical, environment.Time);
        var folder = parsed.GetValue(_root) is { } root ? Path.GetFullPath(root) : WorkspaceFolder.Find(file.Path);
        var started = environment.Time.GetTimestamp();
        await using var workspace = CSharpWorkspace.Open([folder], new CSharpWorkspaceOptions(), logger, environment.Time);
        if (!workspace.Filter.MayRead(file.Path))
        {
            throw CommandFailure.Failed($"{caret.File} is hidden by an ignore file or holds secrets; nothing of it is read for context.");
        }

        var isCSharp = file.LanguageId == "csharp";
        var textFinder = new RelatedTextFinder(workspace, environment.Time);
        var document = isCSharp ? await workspace.PrepareDocumentAsync(file.Path, cancellationToken) ?? throw CommandFailure.Failed($"{caret.File} could not be read.") : null;
        await (isCSharp ? workspace.Indexed : textFinder.PrepareAsync(file.Path)).WaitAsync(cancellationToken);
        var loaded = environment.Time.GetElapsedTime(started);
        var related = document is not null
            ? await new RelatedCodeFinder(workspace, environment.Time).FindAsync(document, offset, ContextDeadline.Patient, cancellationToken)
            : await textFinder.FindAsync(file.Path, file.Text, offset, ContextDeadline.Patient, cancellationToken);
        var tokenizer = TiktokenTokenizer.CreateForModel("gpt-4o");
        var report = ContextReport.Of(related, related.Fit(budget, text => tokenizer.CountTokens(text)), budget, loaded, [.. workspace.Degradations]);

        await using var writer = environment.OpenWriter();
        await writer.WriteLineAsync(parsed.GetValue(options.Json) ? JsonSerializer.Serialize(report, CliJson.Readable.ContextReport) : report.Describe());
        return ExitCodes.Done;
    }
}
