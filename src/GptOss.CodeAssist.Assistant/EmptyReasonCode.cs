namespace GptOss.CodeAssist.Assistant;

/// <summary>Everything that can be the reason of an empty or refused answer: the list is closed, and <c>editor-clients/PROTOCOL.md</c> has a sentence for each.</summary>
/// <remarks>Editors and scripts know them by their names in kebab-case, which therefore never change.</remarks>
public enum EmptyReasonCode
{
    /// <summary>The model is still being read.</summary>
    ModelLoading,

    /// <summary>There is no model that could answer.</summary>
    ModelUnavailable,

    /// <summary>The engine's process was lost, and another is on its way.</summary>
    EngineRestarting,

    /// <summary>The engine, or what is around it, failed at this answer.</summary>
    EngineFailed,

    /// <summary>Too many requests wait.</summary>
    EngineBusy,

    /// <summary>The model did not answer within the time that a typing person may be thought to wait.</summary>
    TooSlow,

    /// <summary>A newer request took this one's place.</summary>
    Superseded,

    /// <summary>Nobody asked: the editor looked for entries while a person typed.</summary>
    NotAsked,

    /// <summary>The document is not open.</summary>
    UnknownDocument,

    /// <summary>The caret lies outside the document.</summary>
    StalePosition,

    /// <summary>The document is larger than what is completed.</summary>
    DocumentTooLarge,

    /// <summary>There is nothing to continue.</summary>
    EmptyDocument,

    /// <summary>The file is a secret, or an ignore file hides it: it never enters a prompt.</summary>
    ExcludedFile,

    /// <summary>The model does not know the language.</summary>
    LanguageNotSupported,

    /// <summary>The model is at a server that hands it conversations only.</summary>
    CannotComplete,

    /// <summary>The person switched the language off.</summary>
    LanguageDisabled,

    /// <summary>The person switched completion while typing off.</summary>
    Disabled,

    /// <summary>The caret stands inside a word.</summary>
    InsideWord,

    /// <summary>Code follows the caret directly.</summary>
    CodeFollows,

    /// <summary>The caret stands in a comment, and the model writes code only.</summary>
    InComment,

    /// <summary>The caret stands in a string, and the model writes code only.</summary>
    InString,

    /// <summary>The preprocessor leaves this code out.</summary>
    InDisabledCode,

    /// <summary>The statement before the caret is whole.</summary>
    EndOfStatement,

    /// <summary>The attribute before the caret is whole.</summary>
    AfterAttribute,

    /// <summary>The model had nothing to add.</summary>
    NothingGenerated,

    /// <summary>The model was less sure than the person wants it to be.</summary>
    NotSureEnough,

    /// <summary>The text says nothing new, for instance repeats the next line.</summary>
    Filtered,

    /// <summary>The compiler has something against the text, for instance that it does not parse.</summary>
    Gate,

    /// <summary>The model completes, and does not chat.</summary>
    CannotChat,

    /// <summary>The message does not fit into what the model can read.</summary>
    ConversationTooLong,

    /// <summary>The model ended without an answer that can be used.</summary>
    NoAnswer,

    /// <summary>The action means nothing at this place.</summary>
    NotActionable,

    /// <summary>The model's change breaks something.</summary>
    EditRejected,

    /// <summary>The editor did not apply the change.</summary>
    EditNotApplied,
}
