using System.CommandLine;
using System.CommandLine.Completions;
using System.Text.Json;
using GptOss.CodeAssist.Cli.Showing;
using GptOss.CodeAssist.Inference;
using GptOss.CodeAssist.Inference.Llama.Gguf;
using GptOss.CodeAssist.Models;
using GptOss.CodeAssist.Models.Download;
using GptOss.CodeAssist.Settings;

namespace GptOss.CodeAssist.Cli.Verbs;

/// <summary><c>model pull</c>: fetches a model from the Hub or a mirror. Nothing else in the program opens a connection to the outside.</summary>
internal sealed class ModelPullVerb(CliEnvironment environment)
{
    private readonly Argument<string> _model = new("MODEL")
    {
        Description = $"{string.Join(" or ", KnownModels.All.Select(model => model.Name))}, or OWNER/REPO:FILE.gguf on the Hub, with @REVISION behind it to pin one.",
    };

    private readonly Option<string?> _endpoint = new("--endpoint") { Description = "A mirror of the Hub, for instance one inside a company; else HF_ENDPOINT, else the setting hub.endpoint, else https://huggingface.co.", HelpName = "URL" };

    private readonly Option<int> _connections = new("--connections") { Description = "Requests at the same time.", HelpName = "N", DefaultValueFactory = _ => new DownloadOptions().Connections };

    private readonly Option<bool> _json = new("--json") { Description = "Progress and result as JSON, one object a line." };

    public Command Create()
    {
        var command = new Command("pull", "Fetches a model, verifies it, and goes on where it was broken off.") { _model, _endpoint, _connections, _json };
        _model.CompletionSources.Add(_ => KnownModels.All.Select(model => new CompletionItem(model.Name)));
        command.SetAction(RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var endpoint = FindEndpoint(parsed.GetValue(_endpoint) ?? environment.FindVariable("HF_ENDPOINT") ?? environment.OpenSettings().For(null).Get(SettingsSchema.HubEndpoint));
        if (environment.FindVariable("HF_HUB_OFFLINE") is { } offline && offline is not ("0" or "false"))
        {
            throw CommandFailure.Failed("HF_HUB_OFFLINE says that nothing may be fetched; unset it, or use a model file that is here with --model PATH.");
        }

        var store = ModelPath.StoreOf(environment);
        await using var writer = environment.OpenWriter();
        var json = parsed.GetValue(_json);
        var view = json ? (IProgress<PullProgress>)new PullJsonLines(writer) : new PullProgressView(environment.Error, environment.IsErrorTerminal, environment.Time);
        try
        {
            var source = ModelSource.Parse(parsed.GetValue(_model)!);
            var hub = new HubOptions { Endpoint = endpoint, Token = FindToken(), Agent = $"gptoss-codeassist/{CommandLine.Version.Split('+')[0]}" };
            using var pull = new ModelPull(store, hub, new DownloadOptions { Connections = Math.Clamp(parsed.GetValue(_connections), 1, 64) }, environment.Time);
            var model = await pull.RunAsync(source, view, cancellationToken);
            (view as PullProgressView)?.Finish();
            var path = store.PathOf(model);
            await writer.WriteLineAsync(json ? JsonSerializer.Serialize(new PullEvent("done") { Model = model.Name, Path = path, Verified = model.IsVerified }, CliJson.Compact.PullEvent) : Describe(model, path));
            return RequireUsable(path);
        }
        catch (ModelException exception)
        {
            (view as PullProgressView)?.Finish();
            throw CommandFailure.Failed(exception.Message);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            (view as PullProgressView)?.Finish();
            throw CommandFailure.Failed("Cancelled. What has come is kept; the same command goes on with it, and `gptoss-codeassist model rm` deletes it.");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            (view as PullProgressView)?.Finish();
            throw CommandFailure.Failed($"{store.Folder} cannot be written: {exception.Message.TrimEnd('.')}. Make it yours and writable, or name another folder with the setting modelsFolder.");
        }
    }

    private static string Describe(StoredModel model, string path)
    {
        var check = model.IsVerified ? "its SHA-256 is the published one" : "the server named no SHA-256 to compare with";
        return $"{model.Name} is here ({Sizes.Decimal(model.Files.Sum(file => file.Bytes ?? 0))}, {check}): {path}\nUse it from now on with `gptoss-codeassist model use {model.Name}`.";
    }

    /// <summary>What came whole may still be no model for this program.</summary>
    private static int RequireUsable(string path)
    {
        try
        {
            GgufModel.Read(path);
            return ExitCodes.Done;
        }
        catch (InferenceException exception)
        {
            throw CommandFailure.Failed($"It came as it was published, but cannot be run: {exception.Message}");
        }
    }

    private static Uri FindEndpoint(string? text) => text is null
        ? HubOptions.DefaultEndpoint
        : Uri.TryCreate(text, UriKind.Absolute, out var endpoint) && (endpoint.Scheme == Uri.UriSchemeHttps || endpoint.Scheme == Uri.UriSchemeHttp)
            ? endpoint
            : throw CommandFailure.Usage($"'{text}' is no address of a mirror; write it as https://HOST.");

    /// <summary>As the Hub's own client finds it: HF_TOKEN, else the file that `hf auth login` writes.</summary>
    private string? FindToken()
    {
        if (environment.FindVariable("HF_TOKEN") is { } token)
        {
            return token.Trim();
        }

        var home = environment.FindVariable("HF_HOME") ?? Path.Combine(
            environment.FindVariable("XDG_CACHE_HOME") ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache"), "huggingface");
        var file = environment.FindVariable("HF_TOKEN_PATH") ?? Path.Combine(home, "token");
        return File.Exists(file) && File.ReadAllText(file).Trim() is { Length: > 0 } written ? written : null;
    }
}
