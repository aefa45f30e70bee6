namespace GptOss.CodeAssist.Inference;

/// <summary>Who waits for an answer; a lower value goes first.</summary>
public enum RequestPriority
{
    /// <summary>Somebody is typing.</summary>
    Completion,

    /// <summary>Somebody chose a code action and waits for the edit.</summary>
    CodeAction,

    /// <summary>A conversation.</summary>
    Chat,

    /// <summary>Nobody waits: a prompt evaluated ahead of need.</summary>
    WarmUp,
}
