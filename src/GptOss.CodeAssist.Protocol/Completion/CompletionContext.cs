namespace GptOss.CodeAssist.Protocol;

/// <summary>Why the editor asks for completion entries.</summary>
public sealed record CompletionContext
{
    /// <summary>1 invoked, or typed in an identifier; 2 a trigger character; 3 again because the list was incomplete.</summary>
    public int TriggerKind { get; init; }
}
