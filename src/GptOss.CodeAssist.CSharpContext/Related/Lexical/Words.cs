using Microsoft.CodeAnalysis.CSharp;

namespace GptOss.CodeAssist.CSharpContext.Related.Lexical;

/// <summary>Cuts text of any language into the words that tell one place from another.</summary>
internal static class Words
{
    private static readonly HashSet<string> Common = new(
        SyntaxFacts.GetKeywordKinds().Select(SyntaxFacts.GetText).Concat(["var", "if", "else", "def", "function", "let", "const", "import", "from", "self", "the", "of", "to", "in", "is", "and", "or", "a", "summary", "param", "returns"]),
        StringComparer.Ordinal);

    /// <summary>The identifiers of a text from left to right, keywords left out.</summary>
    public static IEnumerable<Range> Find(string text)
    {
        var index = 0;
        while (index < text.Length)
        {
            var character = text[index];
            if (char.IsLetter(character) || character == '_')
            {
                var start = index;
                while (index < text.Length && (char.IsLetterOrDigit(text[index]) || text[index] == '_'))
                {
                    index++;
                }

                if (index - start > 1)
                {
                    yield return start..index;
                }
            }
            else if (char.IsDigit(character))
            {
                // A number and the letters that belong to it are no word.
                while (index < text.Length && (char.IsLetterOrDigit(text[index]) || text[index] == '_'))
                {
                    index++;
                }
            }
            else
            {
                index++;
            }
        }
    }

    public static bool IsCommon(ReadOnlySpan<char> word) => Common.GetAlternateLookup<ReadOnlySpan<char>>().Contains(word);

    /// <summary>The parts of a camel-case or snake-case name, in lower case; at least three letters long each.</summary>
    public static IEnumerable<string> PartsOf(string name)
    {
        var start = 0;
        for (var index = 1; index <= name.Length; index++)
        {
            var ends = index == name.Length
                || name[index] == '_'
                || char.IsUpper(name[index]) && (!char.IsUpper(name[index - 1]) || index + 1 < name.Length && char.IsLower(name[index + 1]));
            if (!ends)
            {
                continue;
            }

            var part = name[start..index].Trim('_');
            if (part.Length >= 3)
            {
#pragma warning disable CA1308 // Lower case is how parts are compared; nothing is shown.
                yield return part.ToLowerInvariant();
#pragma warning restore CA1308
            }

            start = index;
        }
    }
}
