using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using GptOss.CodeAssist.Cli.Showing;
using GptOss.CodeAssist.Inference;
using GptOss.CodeAssist.Inference.Llama;

namespace GptOss.CodeAssist.Cli.Verbs;

/// <summary><c>model info FILE</c>: what a model is, and what it would take to run it here, before anything is loaded.</summary>
internal sealed class ModelInfoVerb(GlobalOptions options, CliEnvironment environment)
{
    private readonly Argument<string?> _file = new("MODEL")
    {
        Description = "A name of `model list`, or a GGUF file; of a split model the first part. Without it the model that completion uses.",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private readonly Option<int?> _context = new("--context") { Description = "Tokens of context to plan for.", HelpName = "TOKENS" };

    private readonly Option<bool> _lowMemory = new("--low-memory") { Description = "Plan with a cache that keeps only the sliding window." };

    public Command Create()
    {
        var info = new Command("info", "Says what a model is and the memory that it needs.") { _file, _context, _lowMemory, options.Json };
        info.SetAction(RunInfoAsync);
        return info;
    }

    private async Task<int> RunInfoAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var path = ModelPath.Check(environment, parsed.GetValue(_file) ?? options.FindModel(parsed, environment));
        LlamaModelReport report;
        try
        {
            var configured = ConfiguredEngine.Apply(new LlamaEngineOptions { ModelPath = path }, options.OpenSettings(parsed, environment).For(null));
            report = LlamaModelReport.Create(configured with
            {
                ContextLength = parsed.GetValue(_context) ?? configured.ContextLength,
                FullSlidingWindowCache = configured.FullSlidingWindowCache && !parsed.GetValue(_lowMemory),
            });
        }
        catch (InferenceException exception)
        {
            throw CommandFailure.Failed(exception.Message);
        }

        await using var writer = environment.OpenWriter();
        var shown = ModelInfo.Create(report);
        await writer.WriteLineAsync(parsed.GetValue(options.Json) ? JsonSerializer.Serialize(shown, CliJson.Readable.ModelInfo) : Describe(report, shown));
        return report.Problem is null ? ExitCodes.Done : ExitCodes.Failed;
    }

    private static string Describe(LlamaModelReport report, ModelInfo info)
    {
        var model = report.Model;
        var window = model.SlidingWindow > 0 ? string.Create(CultureInfo.InvariantCulture, $"; every other looks at the last {model.SlidingWindow} tokens only") : "";
        var experts = model.ExpertCount > 0 ? string.Create(CultureInfo.InvariantCulture, $", {model.ExpertUsedCount} of {model.ExpertCount} experts a token") : "";
        var gpu = report.Placement is { GpuLayers: > 0 } placement
            ? string.Create(CultureInfo.InvariantCulture, $"{Math.Min(placement.GpuLayers, model.BlockCount)} of {model.BlockCount} layers, {Sizes.Binary(placement.DeviceBytes)}{(placement.CpuExpertLayers > 0 ? $"; the experts of {placement.CpuExpertLayers} stay in system memory" : "")}")
            : "none";
        string[] lines =
        [
            $"name          {info.Name}",
            $"architecture  {info.Architecture}: {info.Layers} layers of width {model.EmbeddingLength}{experts}{window}",
            string.Create(CultureInfo.InvariantCulture, $"weights       {info.Parameters / 1e6:N1} million, {Sizes.Binary(info.WeightBytes)} ({info.Format})"),
            string.Create(CultureInfo.InvariantCulture, $"vocabulary    {info.VocabularySize:N0} tokens"),
            $"prompts       {info.PromptStyle}; {(info.CanChat ? "completes and chats" : "completes, does not chat")}",
            string.Create(CultureInfo.InvariantCulture, $"context       {info.ContextLength:N0} tokens in each of {info.Slots} slots (trained for {info.TrainedContextLength:N0})"),
            $"memory        {Sizes.Binary(info.TotalBytes)}: weights {Sizes.Binary(info.WeightBytes)}, cache {Sizes.Binary(info.CacheBytes)}, computing {Sizes.Binary(info.ComputeBytes)}",
            $"GPU           {gpu}",
            $"this machine  {Sizes.Binary(report.HostBytes)} of memory: {report.Problem ?? "fits"}",
        ];
        return string.Join('\n', lines);
    }
}
