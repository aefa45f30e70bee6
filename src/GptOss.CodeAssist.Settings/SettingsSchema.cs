using System.Collections.Immutable;

namespace GptOss.CodeAssist.Settings;

/// <summary>Every setting there is. Whatever reads, checks, shows or documents settings does it from this list.</summary>
public static class SettingsSchema
{
    public static Setting<string?> Model { get; } = new("model", "The model: a name of `gptoss-codeassist model list`, or the path of a GGUF file.", SettingType.Text, "starter") { Scope = SettingScope.User, IsLive = false };

    public static Setting<ImmutableArray<string>> Adapters { get; } = new("adapters", "LoRA adapters for the model: paths of GGUF files, each with =SCALE behind it or not.", SettingType.Texts, []) { Scope = SettingScope.User, IsLive = false };

    public static Setting<string> Engine { get; } = new("engine", "Where the model runs: shared, in the process that all editors share; embedded, in the server's own; auto shares every model that is worth it. The address of a model server of your own, vLLM or llama-server, sends code there and nowhere else.", SettingType.ChoiceOrAddress("auto", "shared", "embedded"), "auto") { Scope = SettingScope.User, IsLive = false };

    public static Setting<int> EngineIdleMinutes { get; } = new("engineIdleMinutes", "Minutes that the shared engine stays when nobody uses it; of whoever starts it.", SettingType.Integer(1, 10080), 10) { Scope = SettingScope.User, IsLive = false };

    public static Setting<string?> ModelsFolder { get; } = new("modelsFolder", "Where fetched models are kept; without it a folder of the user's own.", SettingType.Text, null) { Scope = SettingScope.User, IsLive = false };

    public static Setting<string?> HubEndpoint { get; } = new("hub.endpoint", "A mirror of the Hub that `model pull` asks, for instance one inside a company.", SettingType.Text, null) { Scope = SettingScope.User };

    public static Setting<string?> ServerModel { get; } = new("server.model", "The model's name at the model server that engine names; without it the first that the server lists.", SettingType.Text, null) { Scope = SettingScope.User, IsLive = false };

    public static Setting<string?> ServerKeyFile { get; } = new("server.keyFile", "A file that holds the model server's API key and nothing else.", SettingType.Text, null) { Scope = SettingScope.User, IsLive = false };

    public static Setting<string> ServerKeyVariable { get; } = new("server.keyVariable", "The environment variable that holds the model server's API key where no file is named.", SettingType.Name, "GPTOSS_SERVER_KEY") { Scope = SettingScope.User, IsLive = false };

    public static Setting<int?> ContextLength { get; } = new("contextLength", "Tokens that one request may use; without it what the model was trained for and memory has room for, at most 16384.", SettingType.OptionalInteger(256, 1 << 20), null) { IsLive = false, Scope = SettingScope.User };

    public static Setting<int> Slots { get; } = new("slots", "Requests that are worked on at the same time, each with its own cached prompt.", SettingType.Integer(1, 32), 4) { IsLive = false, Scope = SettingScope.User };

    public static Setting<int?> Threads { get; } = new("threads", "Threads for computing; without it the physical cores, and one for a small model.", SettingType.OptionalInteger(1, 512), null) { IsLive = false, Scope = SettingScope.User };

    public static Setting<int?> PromptThreads { get; } = new("promptThreads", "Threads for reading prompts; without it as many as for the rest.", SettingType.OptionalInteger(1, 512), null) { IsLive = false, Scope = SettingScope.User };

    public static Setting<int?> BatchSize { get; } = new("batchSize", "Most tokens that are computed together: more is faster on GPUs and takes more memory; without it 512, and 128 for a small model on the processor.", SettingType.OptionalInteger(32, 8192), null) { IsLive = false, Scope = SettingScope.User };

    public static Setting<int?> GpuLayers { get; } = new("gpuLayers", "Layers on the GPU: -1 for all, 0 for none; without it as many as fit.", SettingType.OptionalInteger(-1, 1000), null) { IsLive = false, Scope = SettingScope.User };

    public static Setting<int?> CpuExpertLayers { get; } = new("cpuExpertLayers", "Layers on the GPU whose experts stay in system memory; without it as many as must.", SettingType.OptionalInteger(0, 1000), null) { IsLive = false, Scope = SettingScope.User };

    public static Setting<int> MainGpu { get; } = new("mainGpu", "The GPU to use where the model is not split, counted from 0.", SettingType.Integer(0, 63), 0) { IsLive = false, Scope = SettingScope.User };

    public static Setting<bool> SplitOverGpus { get; } = new("splitOverGpus", "Whether the model's layers are spread over all GPUs.", SettingType.Boolean, true) { IsLive = false, Scope = SettingScope.User };

    public static Setting<ImmutableArray<double>> GpuSplit { get; } = new("gpuSplit", "Each GPU's share of the model, for instance [3, 1]; without it by their free memory.", SettingType.Numbers(0, 1e6), []) { IsLive = false, Scope = SettingScope.User };

    public static Setting<bool> MemoryMap { get; } = new("memoryMap", "Whether the model's file is mapped into memory, so that programs share it, instead of being read.", SettingType.Boolean, true) { IsLive = false, Scope = SettingScope.User };

    public static Setting<bool> LockMemory { get; } = new("lockMemory", "Whether the system is asked never to swap the model out.", SettingType.Boolean, false) { IsLive = false, Scope = SettingScope.User };

    public static Setting<bool> RepackWeights { get; } = new("repackWeights", "Whether weights are laid out anew for this processor: faster answers, slower loading, and memory that programs do not share.", SettingType.Boolean, true) { IsLive = false, Scope = SettingScope.User };

    public static Setting<bool> LowMemory { get; } = new("lowMemory", "Keeps only the sliding window in the KV cache: half the memory, and more to compute after some edits.", SettingType.Boolean, false) { IsLive = false, Scope = SettingScope.User };

    public static Setting<string> KvCache { get; } = new("kvCache", "Number format of the KV cache: f16, or q8_0 for about half the memory.", SettingType.Choice("f32", "f16", "q8_0"), "f16") { IsLive = false, Scope = SettingScope.User };

    public static Setting<bool?> FlashAttention { get; } = new("flashAttention", "Flash attention; without it llama.cpp decides.", SettingType.OptionalBoolean, null) { IsLive = false, Scope = SettingScope.User };

    public static Setting<bool> CompletionEnabled { get; } = new("completion.enabled", "Whether anything is completed while a person types.", SettingType.Boolean, true);

    public static Setting<ImmutableArray<string>> DisabledLanguages { get; } = new("completion.disabledLanguages", "Languages that are not completed, by their LSP names, for instance markdown.", SettingType.Texts, []);

    public static Setting<int> MaxLines { get; } = new("completion.maxLines", "Most lines of a completion.", SettingType.Integer(1, 100), 12);

    public static Setting<int> MaxTokens { get; } = new("completion.maxTokens", "Most tokens of a completion of several lines.", SettingType.Integer(8, 1024), 128);

    public static Setting<int> Candidates { get; } = new("completion.candidates", "Completions to choose from for a person who asks for them.", SettingType.Integer(1, 10), 3);

    public static Setting<double> MinConfidence { get; } = new("completion.minConfidence", "How sure the model must be of a completion that nobody asked for, between 0 and 1; 0 shows everything.", SettingType.Number(0, 1), 0);

    public static Setting<bool> Gate { get; } = new("completion.gate", "Whether the compiler decides how much of a completion is shown.", SettingType.Boolean, true);

    public static Setting<bool> Healing { get; } = new("completion.healing", "Whether the model may write the last piece of a word before the caret anew, so that a caret inside a word is no border to it.", SettingType.Boolean, true);

    public static Setting<bool> Context { get; } = new("completion.context", "Whether the model is told of related code elsewhere in the project.", SettingType.Boolean, true);

    public static Setting<int> ContextTokens { get; } = new("completion.contextTokens", "Most tokens of related code, where the model has room for them.", SettingType.Integer(64, 16384), 768);

    public static Setting<bool> Guidance { get; } = new("completion.guidance", "Whether the model may use only names that exist, where the compiler can list them.", SettingType.Boolean, true);

    public static Setting<bool> Debounce { get; } = new("completion.debounce", "Whether a model is asked only when a burst of keys seems to be over; how long that is follows the person's typing and the model's speed.", SettingType.Boolean, true);

    public static Setting<int> ShowWithin { get; } = new("completion.showWithin", "Milliseconds after which as much of a completion is shown as is whole by then; the rest is kept for later.", SettingType.Integer(50, 60_000), 700);

    public static Setting<bool> Adapt { get; } = new("completion.adapt", "Whether a person who rarely takes completions is shown only those of which the model is surer; learned from counts on this machine, and forgotten with `stats --reset`.", SettingType.Boolean, true);

    public static Setting<bool> EmptyAnalysis { get; } = new("completion.emptyAnalysis", "Whether a gpt-oss model is told that it has thought already, by an empty analysis message before its answer.", SettingType.Boolean, false);

    public static Setting<bool> Prefetch { get; } = new("completion.prefetch", "Whether what comes after a completion is computed while the person reads it.", SettingType.Boolean, true);

    public static Setting<int> MaxToolCalls { get; } = new("chat.maxToolCalls", "Most look-ups in the solution for one message.", SettingType.Integer(0, 64), 8) { IsLive = false };

    public static Setting<string> Trust { get; } = new("trust", "Whether MSBuild may load projects, which runs code of the repository's build: ask once a folder, always, or never.", SettingType.Choice("ask", "always", "never"), "ask") { Scope = SettingScope.User };

    public static Setting<string> LogLevel { get; } = new("log.level", "How much is logged.", SettingType.Choice("Trace", "Debug", "Information", "Warning", "Error", "None"), "Information") { Scope = SettingScope.User };

    public static Setting<bool> LogFile { get; } = new("log.file", "Whether the server also logs to files, of which the newest few are kept.", SettingType.Boolean, true) { Scope = SettingScope.User, IsLive = false };

    public static Setting<bool> LogPrompts { get; } = new("log.prompts", "Whether prompts and answers are logged, with the code in them; for finding out why a model says what it says.", SettingType.Boolean, false) { Scope = SettingScope.User, IsLive = false };

    /// <summary>In the order in which people read them.</summary>
    public static ImmutableArray<Setting> All { get; } =
    [
        Model, Adapters, Engine, EngineIdleMinutes, ServerModel, ServerKeyFile, ServerKeyVariable, ModelsFolder, HubEndpoint, ContextLength, Slots, Threads, PromptThreads, BatchSize, GpuLayers, CpuExpertLayers,
        MainGpu, SplitOverGpus, GpuSplit, MemoryMap, LockMemory, RepackWeights, LowMemory, KvCache, FlashAttention,
        CompletionEnabled, DisabledLanguages, MaxLines, MaxTokens, Candidates, MinConfidence, Adapt, Gate, Guidance, Healing,
        Context, ContextTokens, Debounce, ShowWithin, Prefetch, EmptyAnalysis, MaxToolCalls, Trust, LogLevel, LogFile, LogPrompts,
    ];

    /// <summary>Null where no setting has that key.</summary>
    public static Setting? Find(string key) => All.FirstOrDefault(setting => setting.Key == key);
}
