using GptOss.CodeAssist.Assistant;

namespace GptOss.CodeAssist.Cli.Showing;

/// <summary>What <c>chat --json</c> prints.</summary>
/// <param name="Text">The answer in Markdown.</param>
/// <param name="Reason">Why there is none; null when there is.</param>
/// <param name="Lookups">What the model looked up, in order.</param>
/// <param name="Notices">What the person should know.</param>
internal sealed record ChatReport(string Text, string Reasoning, EmptyReason? Reason, IReadOnlyList<string> Lookups, IReadOnlyList<string> Notices);
