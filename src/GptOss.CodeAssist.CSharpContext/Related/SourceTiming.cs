namespace GptOss.CodeAssist.CSharpContext.Related;

/// <summary>How long a source of related code took.</summary>
/// <param name="Source">Its name.</param>
/// <param name="Milliseconds">Its time.</param>
/// <param name="Items">How many items it gave.</param>
public sealed record SourceTiming(string Source, double Milliseconds, int Items);
