namespace GptOss.CodeAssist.Assistant;

/// <summary>Every reason for an empty answer, so that none is ever silent.</summary>
public static class EmptyReasons
{
    public static EmptyReason ModelLoading(double fraction) =>
        new("model-loading", string.Create(System.Globalization.CultureInfo.InvariantCulture, $"The model is still loading ({fraction * 100:F0} %)."));

    public static EmptyReason ModelUnavailable(string why) => new("model-unavailable", why);

    /// <param name="why">What happened to the engine's process and when it goes on.</param>
    public static EmptyReason EngineRestarting(string why) => new("engine-restarting", why);

    public static EmptyReason EngineFailed(string why) => new("engine-failed", why);

    public static EmptyReason EngineBusy { get; } = new("engine-busy", "The engine has too many requests waiting; try again in a moment.");

    public static EmptyReason Superseded { get; } = new("superseded", "A newer request for the same document took this one's place.");

    public static EmptyReason UnknownDocument { get; } = new("unknown-document", "The document is not open.");

    public static EmptyReason DocumentTooLarge(long characters, long limit) =>
        new("document-too-large", $"The file has {characters:N0} characters; completion works on files of up to {limit:N0}.");

    public static EmptyReason StalePosition { get; } = new("stale-position", "The caret is beyond the end of the document as the server knows it.");

    public static EmptyReason EmptyDocument { get; } = new("empty-document", "The file is empty, so there is nothing to continue; write a first line.");

    public static EmptyReason LanguageNotSupported(string model, string language) =>
        new("language-not-supported", $"The model {model} knows C# only, and this is {language}; gpt-oss models complete every language.");

    public static EmptyReason Disabled { get; } = new("disabled", "Completion while typing is switched off by the setting completion.enabled; it still answers when asked by hand.");

    public static EmptyReason LanguageDisabled(string language) => new("language-disabled", $"The setting completion.disabledLanguages names {language}.");

    public static EmptyReason NothingGenerated { get; } = new("nothing-generated", "The model had nothing to add here.");

    public static EmptyReason InsideWord { get; } = new("inside-word", "The caret stands inside a word; ask for a completion by hand to see one here.");

    public static EmptyReason CodeFollows { get; } = new("code-follows", "Code follows the caret directly; ask for a completion by hand to see one here.");

    public static EmptyReason InComment { get; } = new("in-comment", "The caret stands in a comment, and this model writes code only; ask for a completion by hand to see one here.");

    public static EmptyReason InString { get; } = new("in-string", "The caret stands in a string, and this model writes code only; ask for a completion by hand to see one here.");

    public static EmptyReason InDisabledCode { get; } = new("in-disabled-code", "The caret stands in code that the preprocessor leaves out; ask for a completion by hand to see one here.");

    public static EmptyReason EndOfStatement { get; } = new("end-of-statement", "The statement before the caret is whole; go to the next line, or ask for a completion by hand.");

    public static EmptyReason AfterAttribute { get; } = new("after-attribute", "The attribute before the caret is whole; go to the next line, or ask for a completion by hand.");

    public static EmptyReason NotSureEnough(double confidence, double least) => new(
        "not-sure-enough",
        string.Create(System.Globalization.CultureInfo.InvariantCulture, $"The model was not sure enough of its text: {confidence * 100:F0} %, and {least * 100:F0} % are wanted; ask for a completion by hand to see it."));

    public static EmptyReason Filtered(string why) => new("filtered", $"The model's text was not worth showing: {why}.");

    /// <summary>The model completes code, and no more.</summary>
    public static EmptyReason CannotChat(string model) => new(
        "cannot-chat",
        $"The model {model} completes code but cannot chat or edit. `gptoss-codeassist model pull gpt-oss-20b` fetches one that can (12 GB).");

    public static EmptyReason ConversationTooLong(int tokens, int limit) =>
        new("conversation-too-long", $"The message and what it refers to have {tokens:N0} tokens; the model has room for {limit:N0}. Refer to less.");

    public static EmptyReason NoAnswer(string why) => new("no-answer", $"The model gave no answer: {why}.");

    public static EmptyReason NotActionable(string why) => new("not-actionable", why);

    /// <param name="why">What the compiler, or the reader of the answer, has against it.</param>
    public static EmptyReason EditRejected(string why) => new("edit-rejected", $"The model's change is not offered, because after a second try too it is wrong. {why}");
}
