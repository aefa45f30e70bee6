namespace GptOss.CodeAssist.ScriptedServer;

/// <summary>What is said to a prompt.</summary>
/// <param name="When">Stands in the prompt; the first rule that fits is taken.</param>
/// <param name="Say">The answer on the final channel; for a completion the text at the caret.</param>
internal sealed record ScriptRule(string When, string Say)
{
    /// <summary>Said on the analysis channel before the answer; null for none.</summary>
    public string? Think { get; init; }

    /// <summary>The rule is for completions, and for nothing else.</summary>
    public bool Completes { get; init; }

    /// <summary>After what it says the model goes on thinking until somebody stops it.</summary>
    public bool NeverEnds { get; init; }

    /// <summary>A file before which nothing is said, so that a test decides when an answer comes; a file of that name with <c>.awaited</c> tells that it is wanted. Null for what is said at once.</summary>
    public string? After { get; init; }
}
