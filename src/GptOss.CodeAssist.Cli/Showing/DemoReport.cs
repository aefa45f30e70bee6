using System.Collections.Immutable;

namespace GptOss.CodeAssist.Cli.Showing;

/// <summary>What <c>demo --json</c> prints.</summary>
/// <param name="Model">The model's name.</param>
/// <param name="InitializeMs">From starting the server process to its answer to <c>initialize</c>, in milliseconds.</param>
/// <param name="ReadyMs">From starting the server process until the model was loaded, in milliseconds.</param>
internal sealed record DemoReport(string Model, double InitializeMs, double ReadyMs, ImmutableArray<DemoReport.Completion> Completions)
{
    /// <param name="Line">The caret's line, counted from 1.</param>
    /// <param name="InsertText">What an editor would show; null when nothing.</param>
    /// <param name="TotalMs">From the request to the answer over LSP, in milliseconds.</param>
    internal sealed record Completion(int Line, int Column, string? InsertText, double TotalMs);
}
