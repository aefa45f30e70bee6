namespace GptOss.CodeAssist.Inference;

/// <summary>A piece of a prompt: either one special token or ordinary text, a closed family.</summary>
/// <remarks>Text is never searched for special tokens, so user code that spells a control token stays ordinary text.</remarks>
public abstract record PromptPart
{
    private PromptPart()
    {
    }

    /// <summary>One special token, named by its text, for instance <c>&lt;|start|&gt;</c>.</summary>
    public sealed record Special(string Name) : PromptPart;

    /// <summary>Ordinary text, whatever it spells.</summary>
    public sealed record Text(string Value) : PromptPart;
}
