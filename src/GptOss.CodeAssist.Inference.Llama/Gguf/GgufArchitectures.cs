using System.Collections.Frozen;

namespace GptOss.CodeAssist.Inference.Llama.Gguf;

/// <summary>The values of <c>general.architecture</c> that the pinned llama.cpp loads.</summary>
/// <remarks>From LLM_ARCH_NAMES in llama.cpp's src/llama-arch.cpp, without the names that its model table refuses (clip, gptj).</remarks>
internal static class GgufArchitectures
{
    /// <summary>The version whose table this is.</summary>
    public const string LlamaVersion = "v0.4.0";

    /// <summary>The architecture that this program is made for.</summary>
    public const string GptOss = "gpt-oss";

    /// <summary>Decoders, which write one token after the other.</summary>
    public static FrozenSet<string> Decoders { get; } = FrozenSet.Create(
        StringComparer.Ordinal,
        "afmoe", "apertus", "arcee", "arctic", "arwkv7", "baichuan", "bailingmoe", "bailingmoe2", "bailingmoe3", "bitnet", "bloom",
        "chameleon", "chatglm", "codeshell", "cogvlm", "cohere2", "cohere2moe", "command-r", "dbrx", "deci", "deepseek", "deepseek2",
        "deepseek2-ocr", "deepseek32", "deepseek4", "dots1", "dots3note", "ernie4_5", "ernie4_5-moe", "exaone", "exaone-moe", "exaone4",
        "falcon", "falcon-h1", "gemma", "gemma2", "gemma3", "gemma3n", "gemma4", "glm-dsa", "glm4", "glm4moe", "gpt-oss", "gpt2",
        "gptneox", "granite", "granite_swa", "granitehybrid", "granitemoe", "graniteswitch", "grok", "grovemoe", "hunyuan-dense",
        "hunyuan-moe", "hunyuan_vl", "hy_v3", "internlm2", "jais", "jais2", "jamba", "kimi-k3", "kimi-linear", "laguna", "lfm2", "lfm2moe",
        "llama", "llama4", "maincoder", "mamba", "mamba2", "mellum", "mimo2", "minicpm", "minicpm3", "minimax-01", "minimax-m2",
        "minimax-m3", "mistral3", "mistral4", "mpt", "muse-glimmer", "nanbeige", "nemotron", "nemotron_h", "nemotron_h_moe", "olmo",
        "olmo2", "olmoe", "openelm", "orion", "paddleocr", "pangu-embedded", "phi2", "phi3", "phimoe", "plamo", "plamo2", "plamo3", "plm",
        "qwen", "qwen2", "qwen2moe", "qwen2vl", "qwen3", "qwen35", "qwen35moe", "qwen3moe", "qwen3next", "qwen3vl", "qwen3vlmoe",
        "qwen4exp", "refact", "rwkv6", "rwkv6qwen2", "rwkv7", "seed_oss", "smallthinker", "smollm3", "stablelm", "starcoder", "starcoder2",
        "step35", "talkie", "xverse");

    /// <summary>What llama.cpp loads but cannot write text with a plain decode: encoders, embedders, diffusion and speech models, draft heads.</summary>
    public static FrozenSet<string> Others { get; } = FrozenSet.Create(
        StringComparer.Ordinal,
        "bert", "dflash", "dream", "eagle3", "eurobert", "gemma-embedding", "gemma4-assistant", "jina-bert-v2", "jina-bert-v3", "llada",
        "llada-moe", "llama-embed", "modern-bert", "neo-bert", "nomic-bert", "nomic-bert-moe", "pockettts", "qwen3tts", "rnd1", "t5",
        "t5encoder", "wavtokenizer-dec");
}
