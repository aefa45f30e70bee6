using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using GptOss.CodeAssist.CSharpContext.Related;

namespace GptOss.CodeAssist.Cli.Showing;

/// <summary>What <c>context --json</c> prints.</summary>
/// <param name="Budget">In tokens.</param>
/// <param name="Tokens">What is used of it.</param>
/// <param name="Items">What would be sent, in order.</param>
/// <param name="LeftOut">What did not fit, most wanted first.</param>
/// <param name="Sources">How long each source took.</param>
/// <param name="LoadMs">Until the workspace was compiled and indexed, in milliseconds.</param>
/// <param name="Skipped">Why nothing was looked for; null where something was.</param>
/// <param name="Degradations">What could not be loaded, a sentence each.</param>
internal sealed record ContextReport(
    int Budget,
    int Tokens,
    ImmutableArray<ContextReport.Sent> Items,
    ImmutableArray<ContextReport.Omitted> LeftOut,
    ImmutableArray<ContextReport.Source> Sources,
    double LoadMs,
    string? Skipped,
    ImmutableArray<string> Degradations)
{
    public static ContextReport Of(RelatedCode related, FittedContext fitted, int budget, TimeSpan loaded, ImmutableArray<string> degradations) => new(
        budget,
        fitted.Tokens,
        [.. fitted.Items.Select(item => new Sent(item.Item.Kind.ToString(), item.Item.Symbol, item.Item.Path, item.Item.Reason, Math.Round(item.Item.Score, 3), item.Tokens, item.Text))],
        [.. fitted.LeftOut.Select(item => new Omitted(item.Kind.ToString(), item.Symbol, item.Reason))],
        [.. related.Sources.Select(source => new Source(source.Source, Math.Round(source.Milliseconds, 2), source.Items, source.Problem))],
        Math.Round(loaded.TotalMilliseconds),
        related.SkippedBecause,
        degradations);

    public string Describe()
    {
        var text = new StringBuilder();
        foreach (var item in Items)
        {
            text.Append(CultureInfo.InvariantCulture, $"── {item.Kind} {item.Symbol}: {item.Reason} ({item.Tokens} tokens)\n{item.Text}\n");
        }

        if (Skipped is not null)
        {
            text.Append(CultureInfo.InvariantCulture, $"nothing was looked for: {Skipped}\n");
        }

        text.Append(CultureInfo.InvariantCulture, $"\n{Tokens} of {Budget} tokens; {LeftOut.Length} items left out");
        text.Append(LeftOut.Length > 0 ? $": {string.Join(", ", LeftOut.Take(12).Select(item => item.Symbol))}{(LeftOut.Length > 12 ? ", …" : "")}\n" : "\n");
        foreach (var source in Sources)
        {
            text.Append(CultureInfo.InvariantCulture, $"{source.Name}: {source.Ms} ms, {source.Count} items{(source.Problem is null ? "" : $"; {source.Problem}")}\n");
        }

        text.Append(CultureInfo.InvariantCulture, $"workspace ready after {LoadMs} ms\n");
        foreach (var degradation in Degradations)
        {
            text.Append(CultureInfo.InvariantCulture, $"note: {degradation}\n");
        }

        return text.ToString().TrimEnd('\n');
    }

    internal sealed record Sent(string Kind, string Symbol, string File, string Reason, double Score, int Tokens, string Text);

    internal sealed record Omitted(string Kind, string Symbol, string Reason);

    internal sealed record Source(string Name, double Ms, int Count, string? Problem);
}
