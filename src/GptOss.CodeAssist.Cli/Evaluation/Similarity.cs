using System.Text.RegularExpressions;

namespace GptOss.CodeAssist.Cli.Evaluation;

/// <summary>How alike two pieces of code are; white space counts as one space.</summary>
internal static partial class Similarity
{
    public static string Normalize(string code) => WhiteSpace().Replace(code.Trim(), " ");

    /// <summary>1 less the Levenshtein distance over the longer length; between 0 and 1.</summary>
    public static double OfEdits(string expected, string actual)
    {
        var (left, right) = (Normalize(expected), Normalize(actual));
        var longer = Math.Max(left.Length, right.Length);
        return longer == 0 ? 1 : 1 - (Distance(left, right) / (double)longer);
    }

    /// <summary>Whether both use the same identifiers and keywords in the same order.</summary>
    public static bool OfIdentifiers(string expected, string actual) =>
        Word().Matches(expected).Select(match => match.Value).SequenceEqual(Word().Matches(actual).Select(match => match.Value));

    /// <summary>UTF-16 units of the expected text that a person need not type: the common beginning, up to a border of words.</summary>
    public static int CharactersSaved(string expected, string actual)
    {
        var common = expected.AsSpan().CommonPrefixLength(actual);
        while (common > 0 && common < expected.Length && IsWord(expected[common - 1]) && (IsWord(expected[common]) || (common < actual.Length && IsWord(actual[common]))))
        {
            common--;
        }

        return common;
    }

    private static int Distance(string left, string right)
    {
        var row = Enumerable.Range(0, right.Length + 1).ToArray();
        for (var i = 1; i <= left.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= right.Length; j++)
            {
                (diagonal, row[j]) = (row[j], Math.Min(Math.Min(row[j], row[j - 1]) + 1, diagonal + (left[i - 1] == right[j - 1] ? 0 : 1)));
            }
        }

        return row[^1];
    }

    private static bool IsWord(char character) => char.IsLetterOrDigit(character) || character == '_';

    [GeneratedRegex(@"\s+")]
    private static partial Regex WhiteSpace();

    [GeneratedRegex(@"[A-Za-z_]\w*")]
    private static partial Regex Word();
}
