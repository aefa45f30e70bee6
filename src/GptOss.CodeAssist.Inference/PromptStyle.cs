namespace GptOss.CodeAssist.Inference;

/// <summary>How a model wants to be asked to complete code at a caret.</summary>
public enum PromptStyle
{
    /// <summary>The model has neither Harmony nor fill-in-the-middle tokens: only the text before the caret can be continued.</summary>
    PrefixOnly,

    /// <summary>gpt-oss: a Harmony conversation whose final channel is opened and prefilled.</summary>
    Harmony,

    /// <summary><c>&lt;|fim_suffix|&gt;</c> suffix <c>&lt;|fim_prefix|&gt;</c> prefix <c>&lt;|fim_middle|&gt;</c>.</summary>
    FimSuffixPrefixMiddle,
}
