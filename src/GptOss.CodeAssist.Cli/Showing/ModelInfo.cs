using GptOss.CodeAssist.Inference.Llama;
using GptOss.CodeAssist.Inference.Llama.Gguf;

namespace GptOss.CodeAssist.Cli.Showing;

/// <summary>What <c>model info --json</c> prints; sizes in bytes, lengths in tokens.</summary>
internal sealed record ModelInfo
{
    public required string Path { get; init; }

    public required string Name { get; init; }

    public required string Architecture { get; init; }

    public required int Layers { get; init; }

    public required long Parameters { get; init; }

    /// <summary>The number formats of the weights, the largest share first.</summary>
    public required string Format { get; init; }

    public required int VocabularySize { get; init; }

    public required string PromptStyle { get; init; }

    public required bool CanChat { get; init; }

    public required int TrainedContextLength { get; init; }

    public required int ContextLength { get; init; }

    public required int Slots { get; init; }

    public required long WeightBytes { get; init; }

    public required long CacheBytes { get; init; }

    public required long ComputeBytes { get; init; }

    public required long TotalBytes { get; init; }

    /// <summary>Layers that would go to a GPU; 0 without one.</summary>
    public required int GpuLayers { get; init; }

    /// <summary>Layers whose experts would stay in system memory.</summary>
    public required int CpuExpertLayers { get; init; }

    public required long DeviceBytes { get; init; }

    public required long MachineBytes { get; init; }

    /// <summary>Why the model cannot be loaded here; null when it can.</summary>
    public required string? Problem { get; init; }

    public static ModelInfo Create(LlamaModelReport report) => new()
    {
        Path = report.Model.Files[0].Path,
        Name = report.Model.Name,
        Architecture = report.Model.Architecture,
        Layers = report.Model.BlockCount,
        Parameters = report.Model.ParameterCount,
        Format = DescribeFormat(report.Model),
        VocabularySize = report.Model.VocabularySize,
        PromptStyle = report.Model.PromptStyle.ToString(),
        CanChat = report.Model.CanChat,
        TrainedContextLength = report.Model.ContextLength,
        ContextLength = report.Description.ContextLength,
        Slots = report.Slots,
        WeightBytes = report.Estimate.WeightBytes,
        CacheBytes = report.Estimate.CacheBytes,
        ComputeBytes = report.Estimate.ComputeBytes,
        TotalBytes = report.Estimate.TotalBytes,
        GpuLayers = report.Placement?.GpuLayers ?? 0,
        CpuExpertLayers = report.Placement?.CpuExpertLayers ?? 0,
        DeviceBytes = report.Placement?.DeviceBytes ?? 0,
        MachineBytes = report.HostBytes,
        Problem = report.Problem,
    };

    /// <summary>The number formats of a model's weights, the largest share first.</summary>
    public static string DescribeFormat(GgufModel model) =>
        string.Join(", ", model.Tensors.GroupBy(tensor => tensor.Type).OrderByDescending(group => group.Sum(tensor => tensor.Bytes)).Select(group => group.Key.ToString().ToUpperInvariant()));
}
