using GptOss.CodeAssist.Assistant;

namespace GptOss.CodeAssist.Cli.Showing;

/// <summary>What <c>act --json</c> prints.</summary>
/// <param name="Action">The kind of action.</param>
/// <param name="Verification"><c>compiled</c> or <c>parsed</c>; null where there is no edit.</param>
/// <param name="Unverified">The problem that was to be fixed where nothing here could tell whether it is gone; null where it was looked for.</param>
/// <param name="Repaired">Whether it took the second try.</param>
/// <param name="Written">Whether the files were changed.</param>
/// <param name="Files">The edits; with a reason beside them, the change that was refused.</param>
/// <param name="Markdown">An explanation; null for edits.</param>
/// <param name="Reason">Why nothing is offered; null where something is.</param>
/// <param name="Errors">What the compiler has against it.</param>
internal sealed record ActionReport(
    string Action,
    string? Verification,
    string? Unverified,
    bool Repaired,
    bool Written,
    IReadOnlyList<ActionReport.File> Files,
    string? Markdown,
    EmptyReason? Reason,
    IReadOnlyList<ActionReport.Error> Errors)
{
    internal sealed record File(string Path, bool IsNew, string Diff);

    /// <param name="Line">Counted from 1, in the changed text.</param>
    internal sealed record Error(string Id, string Message, string Path, int Line);
}
