using System.Collections.Immutable;
using GptOss.CodeAssist.Inference;

namespace GptOss.CodeAssist.Assistant.Completion;

/// <summary>Writes a window as the prompt that a model wants. Code goes in as ordinary text, whatever it spells.</summary>
internal static class CompletionPrompt
{
    private const string HarmonySystem =
        "You are ChatGPT, a large language model trained by OpenAI.\nKnowledge cutoff: 2024-06\n\nReasoning: low\n\n"
        + "# Valid channels: analysis, commentary, final. Channel must be included for every message.";

    private const string HarmonyInstructions =
        "# Instructions\n\nYou complete code at a caret. You are given the file's code after the caret, then its code before the caret. "
        + "Continue exactly where the code breaks off, in the file's own style: usually the rest of the line or of the statement. "
        + "Write code only; never repeat code that is there already, never explain. Close the fence where the given code after the caret goes on.";

    /// <summary>The special tokens that end an answer.</summary>
    public static ImmutableArray<string> StopTokens(PromptStyle style) => style == PromptStyle.Harmony
        ? ["<|return|>", "<|end|>", "<|call|>", "<|start|>", "<|channel|>", "<|endoftext|>"]
        : ["<|endoftext|>", "<|fim_prefix|>", "<|fim_suffix|>", "<|fim_middle|>"];

    public static ImmutableArray<PromptPart> Write(PromptStyle style, PromptWindow window, string fileName, string languageId) => style switch
    {
        PromptStyle.FimSuffixPrefixMiddle =>
        [
            new PromptPart.Special("<|fim_suffix|>"),
            new PromptPart.Text(window.Suffix),
            new PromptPart.Special("<|fim_prefix|>"),
            new PromptPart.Text(window.Head + window.Tail),
            new PromptPart.Special("<|fim_middle|>"),
        ],
        PromptStyle.Harmony => WriteHarmony(window, fileName, languageId),
        _ => [new PromptPart.Text(window.Head + window.Tail)],
    };

    /// <summary>
    /// The final channel is opened and prefilled with the code from the anchor line to the caret, so that the model simply goes on;
    /// while a person types, only the prompt's end grows.
    /// </summary>
    private static ImmutableArray<PromptPart> WriteHarmony(PromptWindow window, string fileName, string languageId)
    {
        var user = $"""
            File: {fileName}

            Code after the caret:
            ```{languageId}
            {window.Suffix.Trim('\n')}
            ```

            Code before the caret:
            ```{languageId}
            {window.Head}
            ```
            """;
        return
        [
            .. Message("system", HarmonySystem),
            .. Message("developer", HarmonyInstructions),
            .. Message("user", user),
            new PromptPart.Special("<|start|>"),
            new PromptPart.Text("assistant"),
            new PromptPart.Special("<|channel|>"),
            new PromptPart.Text("final"),
            new PromptPart.Special("<|message|>"),
            new PromptPart.Text($"```{languageId}\n{window.Tail}"),
        ];
    }

    private static ImmutableArray<PromptPart> Message(string role, string content) =>
    [
        new PromptPart.Special("<|start|>"),
        new PromptPart.Text(role),
        new PromptPart.Special("<|message|>"),
        new PromptPart.Text(content),
        new PromptPart.Special("<|end|>"),
    ];
}
