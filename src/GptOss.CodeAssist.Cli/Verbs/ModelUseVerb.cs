using System.CommandLine;
using System.CommandLine.Completions;
using System.Text.Json.Nodes;
using GptOss.CodeAssist.Inference;
using GptOss.CodeAssist.Inference.Llama.Gguf;
using GptOss.CodeAssist.Settings;

namespace GptOss.CodeAssist.Cli.Verbs;

/// <summary><c>model use</c>: chooses the model for everything that does not name one.</summary>
internal sealed class ModelUseVerb(CliEnvironment environment)
{
    private readonly Argument<string> _model = new("MODEL") { Description = "A name of `model list` (starter for the one that comes with the program), or a GGUF file." };

    public Command Create()
    {
        var command = new Command("use", "Chooses the model that is used when nothing else is said.") { _model };
        _model.CompletionSources.Add(_ => ModelPath.StoreOf(environment).List().Select(model => new CompletionItem(model.Name)));
        command.SetAction(RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var choice = parsed.GetValue(_model)!;
        var path = ModelPath.Check(environment, choice);
        try
        {
            GgufModel.Read(path);
        }
        catch (InferenceException exception)
        {
            throw CommandFailure.Failed($"{exception.Message} The model was not changed.");
        }

        // A path is kept whole: the next command may be run from another folder.
        var value = File.Exists(choice) ? Path.GetFullPath(choice) : choice;
        var file = environment.OpenSettings().UserFile;
        ConfigSetVerb.Write(file, SettingsSchema.Model, value == ModelPath.Starter ? null : JsonValue.Create(value));
        await using var writer = environment.OpenWriter();
        await writer.WriteLineAsync($"{value} is used from now on ({file}). Editors that are open use it when their server is started anew.");
        return ExitCodes.Done;
    }
}
