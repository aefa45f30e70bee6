using Microsoft.CodeAnalysis.Text;

namespace GptOss.CodeAssist.CSharpContext.Edits;

/// <summary>Line endings and indentation of source text.</summary>
internal static class SourceLines
{
    /// <summary>Takes an indentation off every line that has it; line feeds only.</summary>
    public static string Dedent(string code, string indentation) => string.Join('\n', code.ReplaceLineEndings("\n").Split('\n')
        .Select(line => line.StartsWith(indentation, StringComparison.Ordinal) ? line[indentation.Length..] : line.TrimStart()));

    /// <summary>The blanks that all lines with text begin with.</summary>
    public static string SharedIndentation(string code)
    {
        string? shared = null;
        foreach (var line in code.ReplaceLineEndings("\n").Split('\n').Where(line => !string.IsNullOrWhiteSpace(line)))
        {
            var own = line[..(line.Length - line.TrimStart().Length)];
            shared = shared is null ? own : shared[..shared.Zip(own).TakeWhile(pair => pair.First == pair.Second).Count()];
        }

        return shared ?? "";
    }

    /// <summary>The line ending that most of the text's lines have.</summary>
    public static string NewLineOf(SourceText text)
    {
        var (crLf, total) = (0, 0);
        foreach (var line in text.Lines.Where(line => line.EndIncludingLineBreak > line.End))
        {
            total++;
            crLf += line.EndIncludingLineBreak - line.End == 2 ? 1 : 0;
        }

        return total > 0 && crLf * 2 >= total ? "\r\n" : "\n";
    }

    /// <summary>Whether most indented lines begin with a tab, and how many blanks the least indented of the others has.</summary>
    public static (bool UseTabs, int Size) IndentationOf(SourceText text)
    {
        var (tabs, blanks) = (0, new Dictionary<int, int>());
        foreach (var line in text.Lines.Take(2_000).Select(line => line.ToString()).Where(line => line.Length > 0))
        {
            if (line[0] == '\t')
            {
                tabs++;
            }
            else if (line[0] == ' ' && line.TrimStart() is [not '*', ..] trimmed)
            {
                blanks[line.Length - trimmed.Length] = blanks.GetValueOrDefault(line.Length - trimmed.Length) + 1;
            }
        }

        var size = blanks.Keys.Where(length => length is 2 or 3 or 4 or 8).DefaultIfEmpty(4).Min();
        return (tabs > blanks.Values.Sum(), size);
    }
}
