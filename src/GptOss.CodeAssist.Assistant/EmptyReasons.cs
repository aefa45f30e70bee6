using GptOss.CodeAssist.Inference;

namespace GptOss.CodeAssist.Assistant;

/// <summary>Every reason for an empty answer, so that none is ever silent.</summary>
public static class EmptyReasons
{
    public static EmptyReason ModelLoading(double fraction) =>
        new(EmptyReasonCode.ModelLoading, string.Create(System.Globalization.CultureInfo.InvariantCulture, $"The model is still loading ({fraction * 100:F0} %)."));

    public static EmptyReason ModelUnavailable(string why) => new(EmptyReasonCode.ModelUnavailable, why);

    /// <param name="why">What happened to the engine's process and when it goes on.</param>
    public static EmptyReason EngineRestarting(string why) => new(EmptyReasonCode.EngineRestarting, why);

    public static EmptyReason EngineFailed(string why) => new(EmptyReasonCode.EngineFailed, why);

    public static EmptyReason EngineBusy { get; } = new(EmptyReasonCode.EngineBusy, "The engine has too many requests waiting; try again in a moment.");

    public static EmptyReason Superseded { get; } = new(EmptyReasonCode.Superseded, "A newer request for the same document took this one's place.");

    public static EmptyReason UnknownDocument { get; } = new(EmptyReasonCode.UnknownDocument, "The document is not open.");

    public static EmptyReason DocumentTooLarge(long characters, long limit) =>
        new(EmptyReasonCode.DocumentTooLarge, $"The file has {characters:N0} characters; completion works on files of up to {limit:N0}.");

    public static EmptyReason StalePosition { get; } = new(EmptyReasonCode.StalePosition, "The caret is beyond the end of the document as the server knows it.");

    public static EmptyReason EmptyDocument { get; } = new(EmptyReasonCode.EmptyDocument, "The file is empty, so there is nothing to continue; write a first line.");

    public static EmptyReason LanguageNotSupported(string model, string language) =>
        new(EmptyReasonCode.LanguageNotSupported, $"The model {model} knows C# only, and this is {language}; gpt-oss models complete every language.");

    /// <param name="why">What keeps the model from being asked.</param>
    public static EmptyReason CannotComplete(string why) => new(EmptyReasonCode.CannotComplete, why);

    public static EmptyReason Disabled { get; } = new(EmptyReasonCode.Disabled, "Completion while typing is switched off by the setting completion.enabled; it still answers when asked by hand.");

    public static EmptyReason LanguageDisabled(string language) => new(EmptyReasonCode.LanguageDisabled, $"The setting completion.disabledLanguages names {language}.");

    public static EmptyReason NothingGenerated { get; } = new(EmptyReasonCode.NothingGenerated, "The model had nothing to add here.");

    public static EmptyReason InsideWord { get; } = new(EmptyReasonCode.InsideWord, "The caret stands inside a word; ask for a completion by hand to see one here.");

    public static EmptyReason CodeFollows { get; } = new(EmptyReasonCode.CodeFollows, "Code follows the caret directly; ask for a completion by hand to see one here.");

    public static EmptyReason InComment { get; } = new(EmptyReasonCode.InComment, "The caret stands in a comment, and this model writes code only; ask for a completion by hand to see one here.");

    public static EmptyReason InString { get; } = new(EmptyReasonCode.InString, "The caret stands in a string, and this model writes code only; ask for a completion by hand to see one here.");

    public static EmptyReason InDisabledCode { get; } = new(EmptyReasonCode.InDisabledCode, "The caret stands in code that the preprocessor leaves out; ask for a completion by hand to see one here.");

    public static EmptyReason EndOfStatement { get; } = new(EmptyReasonCode.EndOfStatement, "The statement before the caret is whole; go to the next line, or ask for a completion by hand.");

    public static EmptyReason AfterAttribute { get; } = new(EmptyReasonCode.AfterAttribute, "The attribute before the caret is whole; go to the next line, or ask for a completion by hand.");

    public static EmptyReason NotSureEnough(double confidence, double least) => new(EmptyReasonCode.NotSureEnough, string.Create(System.Globalization.CultureInfo.InvariantCulture, $"The model was not sure enough of its text: {confidence * 100:F0} %, and {least * 100:F0} % are wanted; ask for a completion by hand to see it."));

    /// <param name="after">How long it was waited for.</param>
    public static EmptyReason TooSlow(string model, TimeSpan after) =>
        new(EmptyReasonCode.TooSlow, string.Create(System.Globalization.CultureInfo.InvariantCulture, $"The model {model} had no answer within {after.TotalSeconds:F0} s; a smaller model or a GPU is faster. What it is writing is kept for the next request here."));

    /// <summary>An editor without inline completion looked for entries while a person typed.</summary>
    public static EmptyReason NotAsked { get; } = new(EmptyReasonCode.NotAsked, "Entries are only given to a person who asks for them, not while typing.");

    /// <param name="name">The file's name without its folder.</param>
    public static EmptyReason SecretFile(string name) => new(EmptyReasonCode.ExcludedFile, $"{name} may hold secrets, and such files never go to a model.");

    /// <param name="name">The file's name without its folder.</param>
    public static EmptyReason HiddenFile(string name) => new(EmptyReasonCode.ExcludedFile, $"{name} is hidden by .gitignore or .gptossignore, and such files never go to a model; the line !{name} in a .gptossignore beside it lets it.");

    /// <param name="why">What the compiler has against it.</param>
    public static EmptyReason Gate(string why) => new(EmptyReasonCode.Gate, $"The model's text was held back by the compiler: {why}.");

    public static EmptyReason Filtered(string why) => new(EmptyReasonCode.Filtered, $"The model's text was not worth showing: {why}.");

    /// <summary>The model completes code, and no more.</summary>
    public static EmptyReason CannotChat(ModelDescription model) => new(EmptyReasonCode.CannotChat, model.ChatRefusal ?? $"The model {model.Name} completes code but cannot chat or edit. `gptoss-codeassist model pull gpt-oss-20b` fetches one that can (12 GB).");

    public static EmptyReason ConversationTooLong(int tokens, int limit) =>
        new(EmptyReasonCode.ConversationTooLong, $"The message and what it refers to have {tokens:N0} tokens; the model has room for {limit:N0}. Refer to less.");

    public static EmptyReason NoAnswer(string why) => new(EmptyReasonCode.NoAnswer, $"The model gave no answer: {why}.");

    public static EmptyReason NotActionable(string why) => new(EmptyReasonCode.NotActionable, why);

    /// <param name="why">What the compiler, or the reader of the answer, has against it.</param>
    public static EmptyReason EditRejected(string why) => new(EmptyReasonCode.EditRejected, $"The model's change is not offered, because after a second try too it is wrong. {why}");

    /// <param name="why">What the editor says; null where it says nothing.</param>
    public static EmptyReason EditNotApplied(string? why) => new(EmptyReasonCode.EditNotApplied, $"The editor did not apply the edit. {why}".TrimEnd());
}
