namespace GptOss.CodeAssist.Assistant.Completion;

/// <summary>Who asked for a completion.</summary>
public enum CompletionTrigger
{
    /// <summary>A person pressed a key for it: several candidates, and no rule that keeps quiet.</summary>
    Invoked,

    /// <summary>The editor asks while a person types: one candidate.</summary>
    Automatic,
}
