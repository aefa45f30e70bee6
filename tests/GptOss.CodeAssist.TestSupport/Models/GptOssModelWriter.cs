namespace GptOss.CodeAssist.TestSupport.Models;

/// <summary>Writes a model of the gpt-oss architecture with random weights, scaled so that every part changes the logits.</summary>
/// <remarks>Keys and tensors are those that llama.cpp's src/models/openai-moe.cpp asks for.</remarks>
internal sealed class GptOssModelWriter
{
    private const string Architecture = "gpt-oss";
    private const int YarnFactor = 32;

    // As in the published gpt-oss files.
    private const TensorFormat MatrixFormat = TensorFormat.Q8;

    private readonly SmallModelOptions _options;
    private readonly GgufWriter _writer = new();
    private ulong _tensorSeed;

    private GptOssModelWriter(SmallModelOptions options)
    {
        _options = options;
        _tensorSeed = (ulong)options.Seed << 32;
    }

    public static GgufWriter Create(SmallModelOptions options)
    {
        var model = new GptOssModelWriter(options);
        var vocabulary = ModelVocabulary.Create(options);
        model.AddMetadata();
        vocabulary.AddTo(model._writer);
        model.AddTensors(vocabulary.Size);
        return model._writer;
    }

    private void AddMetadata()
    {
        Add("general.architecture", Architecture);
        Add("general.name", _options.Name);
        Add("general.license", "apache-2.0");
        Add("general.file_type", FileType(_options.ExpertFormat));
        Add("general.quantization_version", 2u);
        AddSize("block_count", _options.Layers);
        AddSize("context_length", _options.ContextLength);
        AddSize("embedding_length", _options.Width);
        AddSize("feed_forward_length", _options.ExpertWidth);
        AddSize("expert_feed_forward_length", _options.ExpertWidth);
        AddSize("expert_count", _options.Experts);
        AddSize("expert_used_count", _options.ExpertsUsed);
        AddSize("attention.head_count", _options.Heads);
        AddSize("attention.head_count_kv", _options.KeyValueHeads);
        AddSize("attention.key_length", _options.HeadLength);
        AddSize("attention.value_length", _options.HeadLength);
        AddSize("attention.sliding_window", _options.SlidingWindow);
        Add($"{Architecture}.attention.layer_norm_rms_epsilon", 1e-5f);
        Add($"{Architecture}.rope.freq_base", 150_000f);
        if (_options.Yarn)
        {
            Add($"{Architecture}.rope.scaling.type", "yarn");
            Add($"{Architecture}.rope.scaling.factor", (float)YarnFactor);
            AddSize("rope.scaling.original_context_length", Math.Max(1, _options.ContextLength / YarnFactor));
            Add($"{Architecture}.rope.scaling.yarn_beta_fast", 32f);
            Add($"{Architecture}.rope.scaling.yarn_beta_slow", 1f);
        }

        AddOptional("codeassist.prompt_style", _options.PromptStyle);
        AddOptional("codeassist.chat", _options.Chat);
        AddOptional("codeassist.max_prefix_tokens", (uint?)_options.MaxPrefixTokens);
        AddOptional("codeassist.max_suffix_tokens", (uint?)_options.MaxSuffixTokens);
    }

    private void AddTensors(int vocabularySize)
    {
        var (width, expertWidth, experts) = (_options.Width, _options.ExpertWidth, _options.Experts);
        var queryWidth = _options.Heads * _options.HeadLength;
        var keyWidth = _options.KeyValueHeads * _options.HeadLength;
        AddMatrix("token_embd.weight", 1, [width, vocabularySize]);
        AddNorm("output_norm.weight");

        // Logits with a deviation of about 3: some tokens are clearly likelier than others.
        AddMatrix("output.weight", 3 / MathF.Sqrt(width), [width, vocabularySize]);
        for (var layer = 0; layer < _options.Layers; layer++)
        {
            var block = $"blk.{layer}.";
            AddNorm(block + "attn_norm.weight");
            AddNorm(block + "post_attention_norm.weight");

            // Scores with a deviation of about 3 and values of the same: attention prefers some positions, and what it finds there shows in the logits, so that a wrong cache cannot hide.
            AddMatrix(block + "attn_q.weight", 3 / MathF.Sqrt(width), [width, queryWidth]);
            AddMatrix(block + "attn_k.weight", 1 / MathF.Sqrt(width), [width, keyWidth]);
            AddMatrix(block + "attn_v.weight", 3 / MathF.Sqrt(width), [width, keyWidth]);
            AddMatrix(block + "attn_output.weight", 1 / MathF.Sqrt(queryWidth), [queryWidth, width]);
            AddVector(block + "attn_q.bias", [queryWidth]);
            AddVector(block + "attn_k.bias", [keyWidth]);
            AddVector(block + "attn_v.bias", [keyWidth]);
            AddVector(block + "attn_output.bias", [width]);
            AddVector(block + "attn_sinks.weight", [_options.Heads], deviation: 1);
            AddVector(block + "ffn_gate_inp.weight", [width, experts], deviation: 1 / MathF.Sqrt(width));
            AddVector(block + "ffn_gate_inp.bias", [experts]);
            AddExperts(block + "ffn_gate_exps", [width, expertWidth, experts]);
            AddExperts(block + "ffn_up_exps", [width, expertWidth, experts]);
            AddExperts(block + "ffn_down_exps", [expertWidth, width, experts]);
        }
    }

    private void AddExperts(string name, long[] shape)
    {
        AddTensor(name + ".weight", _options.ExpertFormat, 1 / MathF.Sqrt(shape[0]), shape);
        AddVector(name + ".bias", [shape[1], shape[2]]);
    }

    private void AddMatrix(string name, float deviation, long[] shape) => AddTensor(name, MatrixFormat, deviation, shape);

    private void AddNorm(string name) => AddTensor(name, TensorFormat.F32, 0.1f, [_options.Width], mean: 1);

    private void AddVector(string name, long[] shape, float deviation = 0.1f) => AddTensor(name, TensorFormat.F32, deviation, shape);

    private void AddTensor(string name, TensorFormat format, float deviation, long[] shape, float mean = 0)
    {
        var seed = _tensorSeed++;
        var elements = shape.Aggregate(1L, (product, size) => product * size);
        _writer.AddTensor(name, format, shape, stream => RandomWeights.Write(stream, format, elements, deviation, seed, mean));
    }

    private void Add(string key, object value) => _writer.Add(key, value);

    private void AddSize(string name, int value) => Add($"{Architecture}.{name}", (uint)value);

    private void AddOptional(string key, object? value)
    {
        if (value is not null)
        {
            Add(key, value);
        }
    }

    // llama_ftype in llama.cpp's include/llama.h.
    private static uint FileType(TensorFormat experts) => experts switch
    {
        TensorFormat.F32 => 0,
        TensorFormat.F16 => 1,
        TensorFormat.Q8 => 7,
        _ => 38,
    };
}
