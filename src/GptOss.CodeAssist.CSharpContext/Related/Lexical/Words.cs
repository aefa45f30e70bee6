using System.Collections.Concurrent;
using Microsoft.CodeAnalysis.CSharp;

namespace GptOss.CodeAssist.CSharpContext.Related.Lexical;

/// <summary>Cuts text of any language into the words that tell one place from another.</summary>
internal static class Words
{
    private static readonly HashSet<string> Common = new(
        SyntaxFacts.GetKeywordKinds().Select(SyntaxFacts.GetText).Concat(["var", "if", "else", "def", "function", "let", "const", "import", "from", "self", "the", "of", "to", "in", "is", "and", "or", "a", "summary", "param", "returns"]),
        StringComparer.Ordinal);

    /// <summary>Parts that have been cut once; a keystroke asks for those of thousands of names, nearly all the same as at the one before.</summary>
    private static readonly ConcurrentDictionary<string, string[]> KnownParts = new(StringComparer.Ordinal);

    private const int MaximumKnownParts = 50_000;

    /// <summary>The identifiers of a text from left to right, single letters left out. Allocates nothing.</summary>
    public static WordEnumerator Find(ReadOnlySpan<char> text) => new(text);

    public static bool IsCommon(ReadOnlySpan<char> word) => Common.GetAlternateLookup<ReadOnlySpan<char>>().Contains(word);

    /// <summary>The parts of a camel-case or snake-case name, in lower case; at least three letters long each.</summary>
    public static string[] PartsOf(string name)
    {
        if (KnownParts.TryGetValue(name, out var known))
        {
            return known;
        }

        if (KnownParts.Count > MaximumKnownParts)
        {
            KnownParts.Clear();
        }

        return KnownParts[name] = [.. Cut(name)];
    }

    private static IEnumerable<string> Cut(string name)
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
