using System.Buffers;

namespace GptOss.CodeAssist.CSharpContext.Caret;

/// <summary>Tells by the characters before a word where it stands.</summary>
/// <remarks>Brackets in strings and comments count as code here; the parser has the last word.</remarks>
internal static class NamePlaces
{
    private static readonly SearchValues<char> BehindNames = SearchValues.Create("(){}=;");

    /// <summary>Characters that are looked at for the bracket that is open.</summary>
    private const int MostCharacters = 1_500;

    /// <summary>Where the word begins that a text ends with, or that would follow it.</summary>
    public static NamePlace Find(ReadOnlySpan<char> text)
    {
        var before = WithoutWord(text);
        switch (before)
        {
            case [.., ':', ':']:
                return NamePlace.Alias;
            case [.., '.']:
                return IsNumberOrRange(before) ? NamePlace.None : NamePlace.Member;
        }

        var code = before.TrimEnd();
        var isApart = code.Length < before.Length;
        if (isApart && EndsWithWord(code, "new"))
        {
            return NamePlace.Created;
        }

        if (isApart && EndsWithWord(code, "case"))
        {
            return NamePlace.Case;
        }

        if (FindOverridden(text) is not null)
        {
            return NamePlace.Overridden;
        }

        return code is [.., '{' or ',' or '(' or '['] ? FindInBrackets(code) : NamePlace.None;
    }

    /// <summary>What stands between <c>override</c> and the word that a text ends with, in words; null where no <c>override</c> stands before it on its line.</summary>
    public static string[]? FindOverridden(ReadOnlySpan<char> text)
    {
        var line = text[(text.LastIndexOf('\n') + 1)..];
        var found = line.LastIndexOf("override ", StringComparison.Ordinal);
        if (found < 0 || (found > 0 && IsWord(line[found - 1])))
        {
            return null;
        }

        var rest = WithoutWord(line[(found + "override ".Length)..]);
        return rest.ContainsAny(BehindNames) || (rest.Length > 0 && rest[^1] != ' ') ? null : rest.ToString().Split(' ', StringSplitOptions.RemoveEmptyEntries);
    }

    private static NamePlace FindInBrackets(ReadOnlySpan<char> code)
    {
        var open = FindOpen(code);
        if (open < 0)
        {
            return NamePlace.None;
        }

        var before = code[..open].TrimEnd();
        switch (code[open])
        {
            case '{' when EndsWithWord(before, "switch"):
                return NamePlace.Arm;
            case '{' when EndsWithWord(before, "with") || BeginsWithNew(before):
                return NamePlace.Initialised;
            case '(' when code[^1] == ',' && HasNamedArgument(code[(open + 1)..]):
                return NamePlace.Argument;
            case '[' when before is [] or [.., '{' or '}' or ';' or ']' or '(' or ',']:
                return NamePlace.Attribute;
            default:
                return NamePlace.None;
        }
    }

    private static int FindOpen(ReadOnlySpan<char> code)
    {
        var depth = 0;
        for (var index = code.Length - 1; index >= Math.Max(0, code.Length - MostCharacters); index--)
        {
            switch (code[index])
            {
                case ')' or ']' or '}':
                    depth++;
                    break;
                case '(' or '[' or '{' when depth == 0:
                    return index;
                case '(' or '[' or '{':
                    depth--;
                    break;
                case ';' when depth == 0:
                    return -1;
            }
        }

        return -1;
    }

    /// <summary>Whether the code ends with <c>new</c>, the name of a type, and perhaps arguments.</summary>
    private static bool BeginsWithNew(ReadOnlySpan<char> code)
    {
        if (code is [.., ')'])
        {
            var open = FindOpen(code[..^1]);
            code = open < 0 ? [] : code[..open].TrimEnd();
        }

        var word = code.Length;
        while (word > 0 && (IsWord(code[word - 1]) || code[word - 1] is '.' or '<' or '>' or ',' or '?' or ':'))
        {
            word--;
        }

        return code[word..] is "new" || EndsWithWord(code[..word].TrimEnd(), "new");
    }

    private static bool HasNamedArgument(ReadOnlySpan<char> arguments)
    {
        var colon = arguments.IndexOf(':');
        if (colon <= 0 || arguments[..colon].Contains('?') || (colon + 1 < arguments.Length && arguments[colon + 1] == ':'))
        {
            return false;
        }

        var label = arguments[..colon];
        return WithoutWord(label).TrimEnd() is [] or [.., ','] && IsWord(label[^1]);
    }

    /// <summary>1.5 is a number and 0..5 a range.</summary>
    private static bool IsNumberOrRange(ReadOnlySpan<char> before)
    {
        var digits = before.Length - 1;
        while (digits > 0 && char.IsAsciiDigit(before[digits - 1]))
        {
            digits--;
        }

        var isNumber = digits < before.Length - 1 && (digits == 0 || !IsWord(before[digits - 1]));
        return isNumber || before is [.., '.', '.'];
    }

    private static bool EndsWithWord(ReadOnlySpan<char> code, string word) =>
        code.EndsWith(word, StringComparison.Ordinal) && (code.Length == word.Length || !IsWord(code[^(word.Length + 1)]));

    private static ReadOnlySpan<char> WithoutWord(ReadOnlySpan<char> text)
    {
        var end = text.Length;
        while (end > 0 && IsWord(text[end - 1]))
        {
            end--;
        }

        return text[..end];
    }

    private static bool IsWord(char character) => char.IsLetterOrDigit(character) || character == '_';
}
