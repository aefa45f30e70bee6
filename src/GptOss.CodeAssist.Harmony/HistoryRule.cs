namespace GptOss.CodeAssist.Harmony;

/// <summary>What becomes of the reasoning of earlier turns.</summary>
public enum HistoryRule
{
    /// <summary>
    /// The specification's rule: reasoning is dropped once its turn is over, that is, when a final message follows it and a user message follows that.
    /// The reasoning of a turn still going on (a tool loop) is kept, because the model needs it to go on.
    /// </summary>
    DropFinishedReasoning,

    /// <summary>Everything is kept, for training data and for looking at a conversation.</summary>
    KeepEverything,
}
