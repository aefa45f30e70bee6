namespace GptOss.CodeAssist.Protocol;

/// <summary>Who asked.</summary>
public enum InlineCompletionTriggerKind
{
    /// <summary>A person: several answers, to choose from.</summary>
    Invoked = 1,

    /// <summary>The editor, while a person types: one answer is enough.</summary>
    Automatic = 2,
}
