namespace GptOss.CodeAssist.CSharpContext.Related;

/// <summary>How long related code may be looked for while somebody waits.</summary>
/// <param name="Soft">After this no source begins anything more; what it has by then it hands over.</param>
/// <param name="Hard">After this the answer is given with what is there, whatever a source is in the middle of.</param>
public sealed record ContextDeadline(TimeSpan Soft, TimeSpan Hard)
{
    /// <summary>For a keystroke: 30 ms and 50 ms.</summary>
    public static readonly ContextDeadline Keystroke = new(TimeSpan.FromMilliseconds(30), TimeSpan.FromMilliseconds(50));

    /// <summary>For a person on a command line, and for work ahead of time.</summary>
    public static readonly ContextDeadline Patient = new(TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(10));
}
