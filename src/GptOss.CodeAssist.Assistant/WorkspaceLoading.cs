namespace GptOss.CodeAssist.Assistant;

/// <summary>A folder's projects being read.</summary>
/// <param name="Activity">What is done, for a person.</param>
/// <param name="Done">Ends with it; may fail.</param>
/// <param name="Describe">What was found, for a person; asked after the end.</param>
/// <param name="Stop">Lets a person do without; null where there is nothing to stop.</param>
public sealed record WorkspaceLoading(string Activity, Task Done, Func<string> Describe, Action? Stop);
