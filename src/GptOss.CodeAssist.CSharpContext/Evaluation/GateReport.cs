namespace GptOss.CodeAssist.CSharpContext.Evaluation;

/// <summary>The gate against true and against mutated text.</summary>
/// <param name="Checked">True texts of members that compile.</param>
/// <param name="FalseRejects">How many of them, in percent, were not shown as they are.</param>
/// <param name="Rejected">The reasons of those.</param>
/// <param name="UnknownMember">Percent of invented member names that were caught.</param>
/// <param name="UnknownMembers">How many were tried.</param>
/// <param name="ArgumentCount">Percent of wrong argument counts that were caught.</param>
/// <param name="ArgumentCounts">How many were tried.</param>
/// <param name="Undetected">The mutated texts that were let through, with their places.</param>
/// <param name="Time">Time to check a true text, in ms.</param>
public sealed record GateReport(int Checked, double FalseRejects, IReadOnlyList<string> Rejected, double UnknownMember, int UnknownMembers, double ArgumentCount, int ArgumentCounts, IReadOnlyList<string> Undetected, Percentiles Time);
