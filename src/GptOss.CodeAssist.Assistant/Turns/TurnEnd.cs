namespace GptOss.CodeAssist.Assistant.Turns;

/// <summary>How a generation ended.</summary>
internal enum TurnEnd
{
    /// <summary>The model ended it.</summary>
    Complete,

    /// <summary>The token limit, or a full context: the last message is cut off.</summary>
    Cut,

    /// <summary>The model went round in circles and was stopped.</summary>
    Loop,
}
