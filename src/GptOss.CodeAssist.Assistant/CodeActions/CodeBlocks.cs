using System.Collections.Immutable;
using System.Text.RegularExpressions;

namespace GptOss.CodeAssist.Assistant.CodeActions;

/// <summary>Finds the fenced code in an answer.</summary>
internal static partial class CodeBlocks
{
    /// <summary>The texts of all closed fenced blocks. One that is not closed is no block: it was cut off.</summary>
    public static ImmutableArray<string> Find(string answer) =>
        [.. Fenced().Matches(answer.ReplaceLineEndings("\n")).Select(match => match.Groups["code"].Value.TrimEnd('\n')).Where(code => code.Trim().Length > 0)];

    [GeneratedRegex(@"^[ \t]*(?<fence>```+|~~~+)[^\n`]*\n(?<code>.*?)^[ \t]*\k<fence>[ \t]*$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Fenced();
}
