using System.Collections.Immutable;
using GptOss.CodeAssist.Assistant;
using GptOss.CodeAssist.Assistant.Completion;
using Microsoft.CodeAnalysis.Text;

namespace GptOss.CodeAssist.Cli.Showing;

/// <summary>What <c>complete --json</c> prints.</summary>
/// <param name="Items">Best first.</param>
/// <param name="Reason">Why there are none; null when there are.</param>
/// <param name="Model">The model's name; null when none was asked.</param>
/// <param name="PromptTokens">Tokens of the prompt.</param>
/// <param name="ReusedTokens">Prompt tokens that were evaluated before.</param>
/// <param name="GeneratedTokens">Tokens of all candidates.</param>
/// <param name="FirstTokenMs">From the request to the model's first token, in milliseconds.</param>
/// <param name="TotalMs">From the request to the answer, in milliseconds.</param>
internal sealed record CompletionReport(
    ImmutableArray<CompletionReport.Item> Items,
    EmptyReason? Reason,
    string? Model,
    int PromptTokens,
    int ReusedTokens,
    int GeneratedTokens,
    double FirstTokenMs,
    double TotalMs)
{
    public static CompletionReport Of(CompletionAnswer answer, SourceText text, TimeSpan total) => new(
        [.. answer.Candidates.Select(candidate => new Item(candidate.InsertText, RangeOf(text, candidate.Span), candidate.Usings))],
        answer.Reason,
        answer.Model,
        answer.Usage?.PromptTokens ?? 0,
        answer.Usage?.ReusedTokens ?? 0,
        answer.Usage?.GeneratedTokens ?? 0,
        Math.Round(answer.Usage?.FirstToken.TotalMilliseconds ?? 0, 3),
        Math.Round(total.TotalMilliseconds, 3));

    private static Range RangeOf(SourceText text, TextSpan span)
    {
        var lines = text.Lines.GetLinePositionSpan(span);
        return new Range(new Position(lines.Start.Line, lines.Start.Character), new Position(lines.End.Line, lines.End.Character));
    }

    /// <param name="InsertText">The text that would be inserted.</param>
    /// <param name="Range">What it would replace, as in the Language Server Protocol.</param>
    /// <param name="Usings">Namespaces that the file does not import and the text needs; an editor adds them when it is taken.</param>
    internal sealed record Item(string InsertText, Range Range, ImmutableArray<string> Usings);

    internal sealed record Range(Position Start, Position End);

    /// <summary>Counted from 0, in UTF-16 units.</summary>
    internal sealed record Position(int Line, int Character);
}
