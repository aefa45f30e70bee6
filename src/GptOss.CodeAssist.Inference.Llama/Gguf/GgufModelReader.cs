using System.Collections.Immutable;

namespace GptOss.CodeAssist.Inference.Llama.Gguf;

/// <summary>Turns the headers of a model's files into a <see cref="GgufModel"/>, or says why the model cannot be run.</summary>
/// <remarks>llama.cpp answers some impossible values with GGML_ASSERT, which ends the process; those are refused here first (llama_model_base::load_hparams in its src/llama-model.cpp).</remarks>
internal sealed class GgufModelReader
{
    // LLAMA_MAX_LAYERS and LLAMA_MAX_EXPERTS in llama.cpp's src/llama-hparams.h.
    private const int MostBlocks = 512;
    private const int MostExperts = 1024;

    private static readonly string[] HarmonyTokens = ["<|start|>", "<|channel|>", "<|message|>", "<|end|>", "<|return|>"];
    private static readonly string[] FimTokens = ["<|fim_prefix|>", "<|fim_suffix|>", "<|fim_middle|>"];

    private readonly GgufFile _file;
    private readonly string _architecture;

    private GgufModelReader(GgufFile file, string architecture)
    {
        _file = file;
        _architecture = architecture;
    }

    public static GgufModel Read(string path)
    {
        var files = GgufShards.Read(path);
        var architecture = ReadArchitecture(files[0]);
        return new GgufModelReader(files[0], architecture).Read(files);
    }

    private GgufModel Read(ImmutableArray<GgufFile> files)
    {
        if (files.All(file => file.Tensors.IsEmpty))
        {
            throw Invalid("holds no weights, only a header");
        }

        var vocabulary = GgufVocabulary.Read(_file);
        var blocks = Require("block_count", 1, MostBlocks);
        var embedding = Require("embedding_length", 1);
        var heads = ReadPerBlock("attention.head_count", blocks, fallback: 0);
        var keyLength = ReadHeadLength("attention.key_length", embedding, heads[0]);
        var experts = Find("expert_count", 0, MostExperts) ?? 0;
        var window = Find("attention.sliding_window", 0) ?? 0;
        var model = new GgufModel
        {
            Files = files,
            Name = FindName(files),
            Architecture = _architecture,
            PromptStyle = ReadPromptStyle(vocabulary),
            CanChat = _file.FindBoolean("codeassist.chat") ?? HarmonyTokens.All(vocabulary.SpecialTokens.Contains),
            MaxPrefixTokens = FindTokenLimit("codeassist.max_prefix_tokens"),
            MaxSuffixTokens = FindTokenLimit("codeassist.max_suffix_tokens"),
            ContextLength = Require("context_length", 1),
            VocabularySize = vocabulary.Size,
            SpecialTokens = vocabulary.SpecialTokens,
            BlockCount = blocks,
            EmbeddingLength = embedding,
            HeadCount = heads[0],
            KeyValueHeadCounts = ReadKeyValueHeads(blocks, heads),
            KeyLength = keyLength,
            ValueLength = ReadHeadLength("attention.value_length", embedding, heads[0]),
            SlidingWindow = window,
            SlidingWindowLayers = FindSlidingWindowLayers(window, blocks),
            ExpertCount = experts,
            ExpertUsedCount = ReadExpertsUsed(blocks, experts),
        };
        RequireKnownRopeScaling();
        if (_architecture == GgufArchitectures.GptOss)
        {
            RequireGptOss(model);
        }

        return model;
    }

    private static string ReadArchitecture(GgufFile file) => file.FindText("general.architecture") switch
    {
        null => throw GgufErrors.Invalid(file.Path, "does not name its architecture ('general.architecture')"),
        var name when GgufArchitectures.Decoders.Contains(name) => name,
        var name when GgufArchitectures.Others.Contains(name) => throw GgufErrors.CannotWriteText(file.Path, name),
        var name => throw GgufErrors.UnknownArchitecture(file.Path, name),
    };

    private static string FindName(ImmutableArray<GgufFile> files) => files[0].FindText("general.name") is { Length: > 0 } name
        ? name
        : Path.GetFileName(GgufShards.TrimSuffix(files[0].Path, files.Length));

    private PromptStyle ReadPromptStyle(GgufVocabulary vocabulary)
    {
        var hasFim = FimTokens.All(vocabulary.SpecialTokens.Contains);
        var hasHarmony = HarmonyTokens.All(vocabulary.SpecialTokens.Contains);

        // A style that the vocabulary cannot write would fail at every request, so the file is then not believed.
        return _file.FindText("codeassist.prompt_style") switch
        {
            "fim-suffix-prefix-middle" when hasFim => PromptStyle.FimSuffixPrefixMiddle,
            "harmony" when hasHarmony => PromptStyle.Harmony,
            "prefix-only" => PromptStyle.PrefixOnly,
            _ when hasFim => PromptStyle.FimSuffixPrefixMiddle,
            _ when hasHarmony => PromptStyle.Harmony,
            _ => PromptStyle.PrefixOnly,
        };
    }

    private int? FindTokenLimit(string key) => _file.FindInteger(key) is { } limit and > 0 and <= int.MaxValue ? (int)limit : null;

    private int ReadHeadLength(string key, int embedding, int heads)
    {
        var fallback = heads == 0 ? 0 : embedding / heads;
        return Find(key, 0) ?? fallback;
    }

    private ImmutableArray<int> ReadKeyValueHeads(int blocks, ImmutableArray<int> heads)
    {
        var keyValueHeads = ReadPerBlock("attention.head_count_kv", blocks, fallback: null);
        return keyValueHeads.IsDefault ? heads : keyValueHeads;
    }

    private int ReadExpertsUsed(int blocks, int experts)
    {
        var used = ReadPerBlock("expert_used_count", blocks, fallback: 0).Max();
        var possible = experts == 0 ? used == 0 : used > 0 && used <= experts;
        return possible ? used : throw Invalid($"uses {used} of {experts} experts");
    }

    // gpt-oss alternates, a sliding-window layer first (llama.cpp's src/models/openai-moe.cpp). Other architectures have rules of
    // their own; calling their layers full makes the memory estimate an upper bound.
    private ImmutableArray<bool> FindSlidingWindowLayers(int window, int blocks)
    {
        var period = window == 0 || _architecture != GgufArchitectures.GptOss ? 1 : Find("attention.sliding_window_pattern", 0) ?? 2;
        return [.. Enumerable.Range(0, blocks).Select(layer => period == 0 || layer % period < period - 1)];
    }

    private void RequireKnownRopeScaling()
    {
        var scaling = _file.FindText(Key("rope.scaling.type"));
        if (scaling is not (null or "none" or "linear" or "yarn" or "longrope"))
        {
            throw Invalid($"scales positions by the unknown rule '{scaling}'");
        }
    }

    // What ggml asserts while it builds or computes gpt-oss's graph.
    private void RequireGptOss(GgufModel model)
    {
        Require("attention.sliding_window", 1);
        Require("expert_feed_forward_length", 1);
        Require("expert_count", 1, MostExperts);
        var heads = Require("attention.head_count", 1);
        var keyValueHeads = model.KeyValueHeadCounts[0];
        var rotated = Find("rope.dimension_count", 0) ?? model.KeyLength;
        if (keyValueHeads == 0 || heads % keyValueHeads != 0)
        {
            throw Invalid($"shares {keyValueHeads} key/value heads among {heads} query heads");
        }

        if (model.KeyLength != rotated || model.ValueLength != rotated || rotated % 2 != 0 || rotated == 0)
        {
            throw Invalid($"has heads of {model.KeyLength} (keys), {model.ValueLength} (values) and {rotated} (rotated) elements, which must be one even number");
        }

        var wrong = model.Tensors.FirstOrDefault(tensor => MustBeF32(tensor.Name) && tensor.Type != GgufTensorType.F32);
        if (wrong is not null)
        {
            throw Invalid($"stores the tensor '{wrong.Name}' as {wrong.Type}, which must be F32");
        }

        static bool MustBeF32(string name) =>
            name.EndsWith("norm.weight", StringComparison.Ordinal) || name.EndsWith(".bias", StringComparison.Ordinal) || name.EndsWith("attn_sinks.weight", StringComparison.Ordinal);
    }

    /// <summary>A number that a file may give once or for every layer.</summary>
    /// <returns>One number a layer; default where the key is missing and there is no fallback.</returns>
    private ImmutableArray<int> ReadPerBlock(string name, int blocks, int? fallback)
    {
        var array = _file.FindArray(Key(name));
        if (array is null)
        {
            return Find(name, 0) is { } value ? Repeat(value) : fallback is { } otherwise ? Repeat(otherwise) : default;
        }

        if (array.Count != blocks || array.ElementType is not (GgufValueType.Int32 or GgufValueType.UInt32))
        {
            throw Invalid($"gives '{Key(name)}' for {array.Count} layers of {blocks}");
        }

        var values = _file.ReadInt32s(array);
        return values.All(value => value >= 0) ? values : throw Invalid($"gives '{Key(name)}' a negative number");

        ImmutableArray<int> Repeat(int value) => [.. Enumerable.Repeat(value, blocks)];
    }

    private int Require(string name, int least, int most = int.MaxValue) =>
        Find(name, least, most) ?? throw Invalid($"lacks '{Key(name)}'");

    private int? Find(string name, int least, int most = int.MaxValue) => _file.FindInteger(Key(name)) switch
    {
        null => null,
        { } value when value >= least && value <= most => (int)value,
        { } value => throw Invalid($"says {value} for '{Key(name)}', which must be at least {least}{(most == int.MaxValue ? "" : $" and at most {most}")}"),
    };

    private string Key(string name) => $"{_architecture}.{name}";

    private InferenceException Invalid(string problem) => GgufErrors.Invalid(_file.Path, problem);
}
