using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using GptOss.CodeAssist.Cli.Showing;
using GptOss.CodeAssist.Inference;
using GptOss.CodeAssist.Inference.Llama.Gguf;
using GptOss.CodeAssist.Models;

namespace GptOss.CodeAssist.Cli.Verbs;

/// <summary><c>model list</c>: the models that are here, and the known ones that could be.</summary>
internal sealed class ModelListVerb(GlobalOptions options, CliEnvironment environment)
{
    public Command Create()
    {
        var command = new Command("list", "Lists the models that are here, which is in use, and those that `model pull` knows.") { options.Json };
        command.SetAction(RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var listing = Create(parsed);
        await using var writer = environment.OpenWriter();
        await writer.WriteLineAsync(parsed.GetValue(options.Json) ? JsonSerializer.Serialize(listing, CliJson.Readable.ModelListing) : Describe(listing));
        return ExitCodes.Done;
    }

    private ModelListing Create(ParseResult parsed)
    {
        var store = ModelPath.StoreOf(environment);
        var used = ModelPath.Resolve(environment, options.FindModel(parsed, environment));
        var here = new List<(string Name, string Path)> { (ModelPath.Starter, ModelPath.StarterOf(environment)) };
        here.AddRange(store.List().Select(model => (model.Name, store.PathOf(model))));
        if (here.TrueForAll(model => model.Path != used))
        {
            here.Add((used, used));
        }

        var absent = KnownModels.All.Where(known => here.TrueForAll(model => model.Name != known.Name)).Select(known => new ModelListing.Entry(known.Name, null, known.Files.Sum(file => file.Bytes ?? 0), false));
        return new ModelListing(store.Folder, [.. here.Select(model => Read(model.Name, model.Path, model.Path == used)), .. absent]);
    }

    private static ModelListing.Entry Read(string name, string path, bool isUsed)
    {
        try
        {
            var model = GgufModel.Read(path);
            return new ModelListing.Entry(name, path, model.Files.Sum(file => new FileInfo(file.Path).Length), isUsed)
            {
                Architecture = model.Architecture,
                Format = ModelInfo.DescribeFormat(model),
                Parameters = model.ParameterCount,
                CanChat = model.CanChat,
            };
        }
        catch (InferenceException exception)
        {
            return new ModelListing.Entry(name, path, File.Exists(path) ? new FileInfo(path).Length : 0, isUsed) { Problem = exception.Message };
        }
    }

    private static string Describe(ModelListing listing)
    {
        var width = listing.Models.Max(model => model.Name.Length);
        var lines = listing.Models.Select(model => $"{(model.InUse ? "*" : " ")} {model.Name.PadRight(width)}  {Sizes.Decimal(model.Bytes),8}  {DescribeOne(model)}");
        return $"{string.Join('\n', lines)}\n\n* is used when nothing else is said. Fetched models lie in {listing.Folder}.";
    }

    private static string DescribeOne(ModelListing.Entry model) => model switch
    {
        { Path: null } => $"not here: `gptoss-codeassist model pull {model.Name}` fetches it",
        { Problem: { } problem } => problem,
        _ => string.Create(CultureInfo.InvariantCulture, $"{model.Architecture}, {model.Parameters / 1e6:N1} million weights, {model.Format}; {(model.CanChat == true ? "completes and chats" : "completes")}"),
    };
}
