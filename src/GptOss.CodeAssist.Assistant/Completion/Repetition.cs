namespace GptOss.CodeAssist.Assistant.Completion;

/// <summary>Recognises a model that goes round in circles.</summary>
internal static class Repetition
{
    /// <summary>Where a text's end began to repeat itself; null where it does not.</summary>
    /// <remarks>Three or more characters five times, or ten or more three times.</remarks>
    public static int? FindLoop(string text)
    {
        for (var period = 3; period * 3 <= text.Length && period <= 120; period++)
        {
            var times = period >= 10 ? 3 : 5;
            if (period * times <= text.Length && EndsWithLoop(text, period, times) && !IsFiller(text.AsSpan(text.Length - period)))
            {
                return text.Length - (period * (times - 1));
            }
        }

        return null;
    }

    /// <summary>Whether a line was there before: in the answer, or directly above the caret.</summary>
    /// <param name="line">The line without surrounding white space.</param>
    public static bool IsRepeatedLine(string line, IReadOnlyList<string> seen, string lineAbove)
    {
        // Lines of punctuation, and short ones such as "break;", recur in good code.
        var carriesMeaning = line.Count(char.IsLetterOrDigit) >= 6 && line is not ("break;" or "continue;" or "return;" or "finally");
        return carriesMeaning && ((seen.Count == 0 && line == lineAbove) || seen.Contains(line));
    }

    private static bool EndsWithLoop(string text, int period, int times)
    {
        for (var index = text.Length - (period * (times - 1)); index < text.Length; index++)
        {
            if (text[index] != text[index - period])
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Runs of one character (rulers, indentation) are not loops of the model's thought.</summary>
    private static bool IsFiller(ReadOnlySpan<char> text) => text.IndexOfAnyExcept(text[0]) < 0 && !char.IsLetterOrDigit(text[0]);
}
