using System.Globalization;
using GptOss.CodeAssist.Assistant.Completion;
using GptOss.CodeAssist.Inference.Llama;
using GptOss.CodeAssist.Settings;

namespace GptOss.CodeAssist.Cli;

/// <summary>The settings in the words of the parts that they are for.</summary>
internal static class ConfiguredEngine
{
    public static LlamaEngineOptions Apply(LlamaEngineOptions options, SettingsSnapshot settings) => options with
    {
        ContextLength = settings.Get(SettingsSchema.ContextLength),
        Slots = settings.Get(SettingsSchema.Slots),
        Threads = settings.Get(SettingsSchema.Threads),
        BatchThreads = settings.Get(SettingsSchema.PromptThreads) ?? settings.Get(SettingsSchema.Threads),
        MicroBatchSize = settings.Get(SettingsSchema.BatchSize),
        GpuLayers = settings.Get(SettingsSchema.GpuLayers),
        CpuExpertLayers = settings.Get(SettingsSchema.CpuExpertLayers),
        MainGpu = settings.Get(SettingsSchema.MainGpu),
        SplitOverGpus = settings.Get(SettingsSchema.SplitOverGpus),
        TensorSplit = [.. settings.Get(SettingsSchema.GpuSplit).Select(share => (float)share)],
        MemoryMap = settings.Get(SettingsSchema.MemoryMap),
        LockMemory = settings.Get(SettingsSchema.LockMemory),
        RepackWeights = settings.Get(SettingsSchema.RepackWeights),
        FullSlidingWindowCache = !settings.Get(SettingsSchema.LowMemory),
        CacheType = settings.Get(SettingsSchema.KvCache) switch { "f32" => CacheType.Full, "q8_0" => CacheType.Q8, _ => CacheType.Half },
        FlashAttention = settings.Get(SettingsSchema.FlashAttention),
        Adapters = [.. settings.Get(SettingsSchema.Adapters).Select(ReadAdapter)],
    };

    public static CompletionPolicy ReadPolicy(SettingsSnapshot settings) => new()
    {
        IsEnabled = settings.Get(SettingsSchema.CompletionEnabled),
        DisabledLanguages = [.. settings.Get(SettingsSchema.DisabledLanguages)],
        Options = CompletionOptions.Default with
        {
            MaxLines = settings.Get(SettingsSchema.MaxLines),
            MaxBlockTokens = settings.Get(SettingsSchema.MaxTokens),
            InvokedCandidates = settings.Get(SettingsSchema.Candidates),
            MinConfidence = settings.Get(SettingsSchema.MinConfidence),
            Gate = settings.Get(SettingsSchema.Gate),
            Adapt = settings.Get(SettingsSchema.Adapt),
            Healing = settings.Get(SettingsSchema.Healing),
            Context = settings.Get(SettingsSchema.Context),
            MaxRelatedTokens = settings.Get(SettingsSchema.ContextTokens),
            Guidance = settings.Get(SettingsSchema.Guidance),
            Debounce = settings.Get(SettingsSchema.Debounce),
            ShowWithin = TimeSpan.FromMilliseconds(settings.Get(SettingsSchema.ShowWithin)),
            Prefetch = settings.Get(SettingsSchema.Prefetch),
            EmptyAnalysis = settings.Get(SettingsSchema.EmptyAnalysis),
        },
    };

    /// <summary><c>PATH</c> or <c>PATH=SCALE</c>; in full, because the process that loads it may stand elsewhere.</summary>
    private static LoraAdapter ReadAdapter(string text)
    {
        var sign = text.LastIndexOf('=');
        return sign > 0 && float.TryParse(text[(sign + 1)..], CultureInfo.InvariantCulture, out var scale) ? new LoraAdapter(Path.GetFullPath(text[..sign]), scale) : new LoraAdapter(Path.GetFullPath(text));
    }
}
