using System.CommandLine;
using System.CommandLine.Completions;
using GptOss.CodeAssist.Cli.Showing;
using GptOss.CodeAssist.Models;

namespace GptOss.CodeAssist.Cli.Verbs;

/// <summary><c>model rm</c>: deletes a model that was fetched, or what a broken-off pull left.</summary>
internal sealed class ModelRemoveVerb(GlobalOptions options, CliEnvironment environment)
{
    private readonly Argument<string> _model = new("MODEL") { Description = "A name of `model list`." };

    public Command Create()
    {
        var command = new Command("rm", "Deletes a model that was fetched, and what a broken-off `model pull` left of it.") { _model };
        _model.CompletionSources.Add(_ => ModelPath.StoreOf(environment).List().Select(model => new CompletionItem(model.Name)));
        command.SetAction(RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var name = parsed.GetValue(_model)!;
        var store = ModelPath.StoreOf(environment);
        try
        {
            var source = store.Find(name) is { } stored ? new ModelSource(stored.Name, stored.Repository, stored.Revision, stored.Files) : ParseSource(name);
            var used = ModelPath.Resolve(environment, options.FindModel(parsed, environment));
            var isUsed = store.Find(name) is { } model && store.PathOf(model) == used;
            var freed = store.Remove(source);
            if (freed == 0)
            {
                throw CommandFailure.Usage($"{name} is not here; `gptoss-codeassist model list` shows what is.");
            }

            await using var writer = environment.OpenWriter();
            await writer.WriteLineAsync($"{name} is deleted; {Sizes.Decimal(freed)} are free again.{(isUsed ? " It was the model in use: choose another with `gptoss-codeassist model use`." : "")}");
            return ExitCodes.Done;
        }
        catch (ModelException exception)
        {
            throw CommandFailure.Usage(exception.Message);
        }
    }

    /// <summary>What is not here whole may be here in part.</summary>
    private static ModelSource ParseSource(string name)
    {
        try
        {
            return ModelSource.Parse(name);
        }
        catch (ModelException)
        {
            throw CommandFailure.Usage($"{name} is not here; `gptoss-codeassist model list` shows what is.");
        }
    }
}
