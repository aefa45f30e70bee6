namespace GptOss.CodeAssist.TestSupport.Serving;

/// <summary>The servers that <see cref="ModelServer"/> behaves like.</summary>
public enum ServerKind
{
    Vllm,
    LlamaServer,
    Ollama,
    LmStudio,

    /// <summary>OpenAI's own two paths and no more.</summary>
    Plain,
}
