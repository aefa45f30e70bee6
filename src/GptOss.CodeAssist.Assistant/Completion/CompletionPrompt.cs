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

    public static ImmutableArray<PromptPart> Write(PromptStyle style, PromptWindow window, string languageId, bool emptyAnalysis) => style switch
    {
        PromptStyle.FimSuffixPrefixMiddle =>
        [
            new PromptPart.Special("<|fim_suffix|>"),
            new PromptPart.Text(window.Suffix),
            new PromptPart.Special("<|fim_prefix|>"),
            new PromptPart.Text(Opening(window) + window.Head + window.Tail),
            new PromptPart.Special("<|fim_middle|>"),
        ],
        PromptStyle.Harmony => WriteHarmony(window, languageId, emptyAnalysis),
        _ => [new PromptPart.Text(Opening(window) + window.Head + window.Tail)],
    };

    /// <summary>What all prompts of a model begin with, whatever the document; empty where they have nothing in common.</summary>
    public static ImmutableArray<PromptPart> Beginning(PromptStyle style) =>
        style == PromptStyle.Harmony ? [.. Message("system", HarmonySystem), .. Message("developer", HarmonyInstructions)] : [];

    /// <summary>What stands before the file's own text: related code as comments, then the file's name, as the starter model has seen them in training.</summary>
    private static string Opening(PromptWindow window)
    {
        var related = window.Related.Length == 0 ? "" : $"// {window.Related.TrimEnd('\n').Replace("\n", "\n// ", StringComparison.Ordinal)}\n";
        return window.FileName.Length == 0 ? related : $"{related}// File: {window.FileName}\n";
    }

    /// <summary>
    /// The final channel is opened and prefilled with the code from the anchor line to the caret, so that the model simply goes on;
    /// while a person types, only the prompt's end grows.
    /// </summary>
    private static ImmutableArray<PromptPart> WriteHarmony(PromptWindow window, string languageId, bool emptyAnalysis)
    {
        var related = window.Related.Length == 0 ? "" : $"{(languageId == "csharp" ? "Declared elsewhere" : "Elsewhere in the project")}:\n```{languageId}\n{window.Related.Trim('\n')}\n```\n\n";
        var user = $"""
            File: {window.FileName}

            {related}Code after the caret:
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
            .. Beginning(PromptStyle.Harmony),
            .. Message("user", user),
            .. emptyAnalysis ? EmptyAnalysis : [],
            new PromptPart.Special("<|start|>"),
            new PromptPart.Text("assistant"),
            new PromptPart.Special("<|channel|>"),
            new PromptPart.Text("final"),
            new PromptPart.Special("<|message|>"),
            new PromptPart.Text($"```{languageId}\n{window.Tail}"),
        ];
    }

    /// <summary>Reasoning that is over before it began: keeps some models from beginning it in the final channel.</summary>
    private static ImmutableArray<PromptPart> EmptyAnalysis =>
    [
        new PromptPart.Special("<|start|>"),
        new PromptPart.Text("assistant"),
        new PromptPart.Special("<|channel|>"),
        new PromptPart.Text("analysis"),
        new PromptPart.Special("<|message|>"),
        new PromptPart.Special("<|end|>"),
    ];

    private static ImmutableArray<PromptPart> Message(string role, string content) =>
    [
        new PromptPart.Special("<|start|>"),
        new PromptPart.Text(role),
        new PromptPart.Special("<|message|>"),
        new PromptPart.Text(content),
        new PromptPart.Special("<|end|>"),
    ];
}
