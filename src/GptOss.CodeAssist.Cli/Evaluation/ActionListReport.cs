namespace GptOss.CodeAssist.Cli.Evaluation;

/// <summary>What <c>eval actions</c> found; times in milliseconds.</summary>
/// <param name="Files">Files looked at.</param>
/// <param name="First">The first list of a file.</param>
/// <param name="Moved">The list at another place of the same text.</param>
/// <param name="Typed">The list after one more character.</param>
/// <param name="Offers">How often each kind was offered.</param>
internal sealed record ActionListReport(int Files, Percentiles First, Percentiles Moved, Percentiles Typed, IReadOnlyDictionary<string, int> Offers);
