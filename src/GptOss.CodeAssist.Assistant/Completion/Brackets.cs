namespace GptOss.CodeAssist.Assistant.Completion;

/// <summary>Finds the brackets of a line of code, without those in strings, characters and comments.</summary>
/// <remarks>One line is seen at a time, so that brackets in verbatim strings and comments of several lines count as code; a parser sees those.</remarks>
internal static class Brackets
{
    /// <summary>The line's brackets in order; a quote that is still open at the end hides what follows it.</summary>
    /// <param name="startsInString">Whether the text begins inside a string literal.</param>
    public static IEnumerable<char> Of(string line, bool startsInString = false)
    {
        var quote = startsInString ? '"' : '\0';
        for (var index = 0; index < line.Length; index++)
        {
            var character = line[index];
            if (quote != '\0')
            {
                if (character == '\\')
                {
                    index++;
                }
                else if (character == quote)
                {
                    quote = '\0';
                }
            }
            else if (character is '"' or '\'')
            {
                quote = character;
            }
            else if (character == '/' && index + 1 < line.Length && line[index + 1] == '/')
            {
                yield break;
            }
            else if (character is '{' or '}' or '(' or ')' or '[' or ']')
            {
                yield return character;
            }
        }
    }

    /// <summary>Whether a line's end lies inside a string literal that the line opened.</summary>
    public static bool EndsInString(string line)
    {
        var quote = '\0';
        for (var index = 0; index < line.Length; index++)
        {
            var character = line[index];
            if (quote != '\0')
            {
                index += character == '\\' ? 1 : 0;
                quote = character == quote ? '\0' : quote;
            }
            else if (character is '"' or '\'')
            {
                quote = character;
            }
            else if (character == '/' && index + 1 < line.Length && line[index + 1] == '/')
            {
                return false;
            }
        }

        return quote == '"';
    }
}
