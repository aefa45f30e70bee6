using System.Text;
using Microsoft.CodeAnalysis.Text;

namespace GptOss.CodeAssist.Assistant.Completion;

/// <summary>A file's line ends and indentation. Models see LF and spaces; what they say is written back in the file's own style.</summary>
/// <param name="LineEnd">The file's line end.</param>
/// <param name="Tabs">Whether lines are indented with tabs.</param>
internal sealed record SourceStyle(string LineEnd, bool Tabs)
{
    /// <summary>Columns of one indentation step, and of a tab.</summary>
    public const int IndentSize = 4;

    /// <summary>Lines on either side of the caret that are looked at; a file of one style shows it in fewer.</summary>
    private const int LinesSeen = 100;

    public static SourceStyle Of(SourceText text, int offset)
    {
        var caretLine = text.Lines.GetLineFromPosition(offset).LineNumber;
        var (crlf, lf, tabs, spaces) = (0, 0, 0, 0);
        for (var number = Math.Max(0, caretLine - LinesSeen); number < Math.Min(text.Lines.Count, caretLine + LinesSeen); number++)
        {
            var line = text.Lines[number];
            if (line.EndIncludingLineBreak > line.End)
            {
                _ = line.EndIncludingLineBreak - line.End == 2 ? crlf++ : lf++;
            }

            if (line.End > line.Start)
            {
                tabs += text[line.Start] == '\t' ? 1 : 0;
                spaces += text[line.Start] == ' ' ? 1 : 0;
            }
        }

        return new SourceStyle(crlf > lf ? "\r\n" : "\n", tabs > spaces);
    }

    /// <summary>The text as the model sees it.</summary>
    public string ToModel(string text)
    {
        text = text.Contains('\r') ? text.Replace("\r\n", "\n", StringComparison.Ordinal).Replace('\r', '\n') : text;
        if (!Tabs)
        {
            return text;
        }

        var builder = new StringBuilder(text.Length + 64);
        var leading = true;
        foreach (var character in text)
        {
            leading = character == '\n' || (leading && character is '\t' or ' ');
            _ = leading && character == '\t' ? builder.Append(' ', IndentSize) : builder.Append(character);
        }

        return builder.ToString();
    }

    /// <summary>The model's text as the file would have it.</summary>
    /// <param name="atLineStart">Whether the text begins where only white space stands before it on its line.</param>
    public string FromModel(string text, bool atLineStart)
    {
        if (Tabs)
        {
            text = string.Join('\n', text.Split('\n').Select((line, index) => index > 0 || atLineStart ? TabIndented(line) : line));
        }

        return LineEnd == "\n" ? text : text.Replace("\n", LineEnd, StringComparison.Ordinal);
    }

    private static string TabIndented(string line)
    {
        var spaces = line.Length - line.TrimStart(' ').Length;
        return new string('\t', spaces / IndentSize) + line[(spaces / IndentSize * IndentSize)..];
    }
}
