using GptOss.CodeAssist.Assistant;
using Microsoft.CodeAnalysis.Text;

namespace GptOss.CodeAssist.Cli.Verbs;

/// <summary>A caret or a selection: <c>FILE:LINE:COL</c> or <c>FILE:LINE:COL-LINE:COL</c>.</summary>
internal sealed record RangeArgument(CaretArgument Start, CaretArgument End)
{
    /// <exception cref="CommandFailure">It is not of that form.</exception>
    public static RangeArgument Parse(string text)
    {
        var dash = text.LastIndexOf('-');
        // A file's name may hold a dash too; an end is LINE:COL and nothing else.
        var isRange = dash > 0 && text[(dash + 1)..].Split(':') is [{ Length: > 0 } line, { Length: > 0 } column] && line.All(char.IsAsciiDigit) && column.All(char.IsAsciiDigit);
        var start = CaretArgument.Parse(isRange ? text[..dash] : text);
        return new RangeArgument(start, isRange ? CaretArgument.Parse($"{start.File}:{text[(dash + 1)..]}") : start);
    }

    /// <exception cref="CommandFailure">The document has no such place, or the end comes before the start.</exception>
    public TextSpan GetSpan(DocumentSnapshot document)
    {
        var (start, end) = (SourceFile.GetOffset(document, Start), SourceFile.GetOffset(document, End));
        return start <= end ? TextSpan.FromBounds(start, end) : throw CommandFailure.Usage("The selection ends before it begins.");
    }
}
