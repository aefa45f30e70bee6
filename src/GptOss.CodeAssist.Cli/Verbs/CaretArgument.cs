using System.Globalization;

namespace GptOss.CodeAssist.Cli.Verbs;

/// <summary>A place in a file as people and compilers write it: <c>FILE:LINE:COL</c>, both counted from 1, columns in UTF-16 units.</summary>
internal sealed record CaretArgument(string File, int Line, int Column)
{
    /// <exception cref="CommandFailure">It is not of that form.</exception>
    public static CaretArgument Parse(string text)
    {
        // Read from the end, because paths of Windows begin with a drive and a colon.
        var columnColon = text.LastIndexOf(':');
        var lineColon = columnColon > 0 ? text.LastIndexOf(':', columnColon - 1) : -1;
        if (lineColon <= 0)
        {
            throw CommandFailure.Usage($"Where is the caret in '{text}'? Write FILE:LINE:COL, counted from 1, for instance Program.cs:12:9.");
        }

        return new CaretArgument(
            text[..lineColon],
            ParseNumber(text[(lineColon + 1)..columnColon], "line"),
            ParseNumber(text[(columnColon + 1)..], "column"));
    }

    private static int ParseNumber(string text, string what) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0
            ? number
            : throw CommandFailure.Usage($"The {what} '{text}' is not a number from 1; write FILE:LINE:COL, for instance Program.cs:12:9.");
}
