namespace GptOss.CodeAssist.CSharpContext.Related;

/// <summary>How long a source of related code took.</summary>
/// <param name="Source">Its name.</param>
/// <param name="Milliseconds">Its time.</param>
/// <param name="Items">How many items it gave.</param>
/// <param name="Problem">Why it gave less than it could have, a sentence for a person; null where it gave all.</param>
public sealed record SourceTiming(string Source, double Milliseconds, int Items, string? Problem = null);
