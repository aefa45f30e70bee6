using System.CommandLine;
using System.CommandLine.Completions;
using GptOss.CodeAssist.Cli.Showing;
using GptOss.CodeAssist.Models;
using GptOss.CodeAssist.Settings;

namespace GptOss.CodeAssist.Cli.Verbs;

/// <summary><c>model rm</c>: deletes a model that was fetched, or what a broken-off pull left.</summary>
internal sealed class ModelRemoveVerb(CliEnvironment environment)
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
        if (name == ModelPath.Starter)
        {
            throw CommandFailure.Usage("The starter model is a part of the program and stays.");
        }

        var store = ModelPath.StoreOf(environment);
        try
        {
            var source = store.Find(name) is { } stored ? new ModelSource(stored.Name, stored.Repository, stored.Revision, stored.Files) : ParseSource(name);
            var isUsed = store.Find(name) is { } model && IsChosen(store.PathOf(model));
            var freed = store.Remove(source);
            if (freed == 0)
            {
                throw CommandFailure.Usage($"{name} is not here; `gptoss-codeassist model list` shows what is.");
            }

            if (isUsed)
            {
                // What is gone cannot be used: the next command would only say so.
                ConfigSetVerb.Write(environment.OpenSettings().UserFile, SettingsSchema.Model, null);
            }

            await using var writer = environment.OpenWriter();
            await writer.WriteLineAsync($"{name} is deleted; {Sizes.Decimal(freed)} are free again.{(isUsed ? " It was the model in use; from now on that is the one that comes with the program, or what `gptoss-codeassist model use` chooses." : "")}");
            return ExitCodes.Done;
        }
        catch (ModelException exception)
        {
            throw CommandFailure.Usage(exception.Message);
        }
    }

    /// <summary>Whether the user's own settings choose a model.</summary>
    private bool IsChosen(string path) =>
        environment.OpenSettings().For(null) is var settings && settings.OriginOf(SettingsSchema.Model).Rank == SettingsRank.UserFile && ModelPath.Resolve(environment, settings.Get(SettingsSchema.Model)) == path;

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
