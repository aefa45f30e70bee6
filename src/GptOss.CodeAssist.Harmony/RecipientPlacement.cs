namespace GptOss.CodeAssist.Harmony;

/// <summary>Where a header names its recipient. Both are valid; keeping the model's own choice keeps its tokens in the prompt cache.</summary>
public enum RecipientPlacement
{
    /// <summary><c>&lt;|start|&gt;assistant to=functions.f&lt;|channel|&gt;commentary</c>: what the reference renderer writes.</summary>
    AfterRole,

    /// <summary><c>&lt;|start|&gt;assistant&lt;|channel|&gt;commentary to=functions.f</c>: what the specification's examples and most models write.</summary>
    AfterChannel,
}
