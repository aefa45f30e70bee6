using System.Globalization;
using Microsoft.CodeAnalysis.Text;
using Spectre.Console;

namespace GptOss.CodeAssist.Cli.Showing;

/// <summary>Draws a completion in its place in the file, as an editor would show it.</summary>
internal static class GhostTextView
{
    private const int LinesAround = 4;
    private static readonly Style NumberStyle = new(Color.Grey);
    private static readonly Style CodeStyle = Style.Plain;
    private static readonly Style GhostStyle = new(Color.Green, decoration: Decoration.Italic);

    /// <param name="text">The file.</param>
    /// <param name="span">What the completion would replace; empty at the caret.</param>
    /// <param name="insertText">The completion.</param>
    /// <remarks>Without colours the ghost text stands between ⟦ and ⟧.</remarks>
    public static void Draw(IAnsiConsole console, SourceText text, TextSpan span, string insertText)
    {
        var caretLine = text.Lines.GetLineFromPosition(span.Start);
        var last = Math.Min(text.Lines.Count - 1, caretLine.LineNumber + LinesAround);
        for (var number = Math.Max(0, caretLine.LineNumber - LinesAround); number < caretLine.LineNumber; number++)
        {
            DrawLine(console, number + 1, new Segment(text.Lines[number].ToString(), CodeStyle));
        }

        var (open, close) = console.Profile.Capabilities.Ansi ? ("", "") : ("⟦", "⟧");
        var ghost = (open + insertText + close).ReplaceLineEndings("\n").Split('\n');
        for (var index = 0; index < ghost.Length; index++)
        {
            var before = index == 0 ? text.ToString(TextSpan.FromBounds(caretLine.Start, span.Start)) : "";
            var after = index == ghost.Length - 1 ? text.ToString(TextSpan.FromBounds(span.End, caretLine.End)) : "";
            DrawLine(console, index == 0 ? caretLine.LineNumber + 1 : null, new Segment(before, CodeStyle), new Segment(ghost[index], GhostStyle), new Segment(after, CodeStyle));
        }

        for (var number = caretLine.LineNumber + 1; number <= last; number++)
        {
            DrawLine(console, number + 1, new Segment(text.Lines[number].ToString(), CodeStyle));
        }
    }

    private static void DrawLine(IAnsiConsole console, int? number, params ReadOnlySpan<Segment> segments)
    {
        var line = new Paragraph { Overflow = Overflow.Crop };
        line.Append(string.Create(CultureInfo.InvariantCulture, $"{number,6} │ "), NumberStyle);
        foreach (var segment in segments)
        {
            line.Append(segment.Text.Replace("\t", "    ", StringComparison.Ordinal), segment.Style);
        }

        console.Write(line);
        console.WriteLine();
    }

    private sealed record Segment(string Text, Style Style);
}
