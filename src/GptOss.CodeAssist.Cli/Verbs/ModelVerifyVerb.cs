using System.CommandLine;
using System.CommandLine.Completions;
using System.Text.Json;
using GptOss.CodeAssist.Cli.Showing;
using GptOss.CodeAssist.Inference;
using GptOss.CodeAssist.Inference.Llama.Gguf;
using GptOss.CodeAssist.Models;

namespace GptOss.CodeAssist.Cli.Verbs;

/// <summary><c>model verify</c>: reads a model's files again and compares them with the hashes that they came with.</summary>
internal sealed class ModelVerifyVerb(GlobalOptions options, CliEnvironment environment)
{
    private readonly Argument<string?> _model = new("MODEL") { Description = "A name of `model list`; without it every model that was fetched.", Arity = ArgumentArity.ZeroOrOne };

    public Command Create()
    {
        var command = new Command("verify", "Compares models with the hashes that were published with them.") { _model, options.Json };
        _model.CompletionSources.Add(_ => ModelPath.StoreOf(environment).List().Select(model => new CompletionItem(model.Name)));
        command.SetAction(RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var store = ModelPath.StoreOf(environment);
        var name = parsed.GetValue(_model);
        var models = store.List().Where(model => name is null || model.Name == name).ToList();
        if (name is not null && models.Count == 0)
        {
            throw CommandFailure.Usage($"{name} was not fetched by `model pull`, so that there is no hash to compare it with; `gptoss-codeassist model list` shows what was, and `model info` reads any file's header.");
        }

        var checks = new List<DoctorCheck>();
        foreach (var model in models)
        {
            checks.Add(await VerifyAsync(store, model, cancellationToken));
        }

        await using var writer = environment.OpenWriter();
        var report = new DoctorReport(CommandLine.Version, [.. checks]);
        await writer.WriteLineAsync(parsed.GetValue(options.Json)
            ? JsonSerializer.Serialize(report, CliJson.Readable.DoctorReport)
            : checks.Count == 0 ? "No model was fetched yet; the one that comes with the program needs no verifying." : string.Join('\n', checks.Select(check => $"{check.Verdict,-4} {check.Name}: {check.Finding}")));
        return report.IsHealthy ? ExitCodes.Done : ExitCodes.Failed;
    }

    private async Task<DoctorCheck> VerifyAsync(ModelStore store, StoredModel model, CancellationToken cancellationToken)
    {
        foreach (var file in model.Files)
        {
            var path = store.PathOf(model, file);
            var length = new FileInfo(path).Length;
            var view = new PullProgressView(environment.Error, environment.IsErrorTerminal, environment.Time);
            var hash = await FileHash.ComputeAsync(path, environment.IsErrorTerminal ? done => view.Report(new PullProgress(PullStage.Verifying, file.Name, done, length, null)) : null, cancellationToken);
            view.Finish();
            if (hash != file.Sha256)
            {
                return DoctorCheck.Fail(model.Name, $"{path} has the SHA-256 {hash}, wanted {file.Sha256}: the file was changed or the disk is failing. `gptoss-codeassist model pull {model.Name}` fetches it again.");
            }
        }

        try
        {
            GgufModel.Read(store.PathOf(model));
        }
        catch (InferenceException exception)
        {
            return DoctorCheck.Fail(model.Name, exception.Message);
        }

        return model.IsVerified
            ? DoctorCheck.Ok(model.Name, $"as published ({model.Repository} at {model.Revision})")
            : DoctorCheck.Ok(model.Name, "as it came; its server named no hash to compare with");
    }
}
