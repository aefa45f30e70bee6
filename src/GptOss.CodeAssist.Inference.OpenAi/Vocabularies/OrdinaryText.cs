using System.Text.RegularExpressions;

namespace GptOss.CodeAssist.Inference.OpenAi.Vocabularies;

/// <summary>Cuts text where a tokenizer would see a special token in it, so that it stays text.</summary>
/// <remarks>
/// Neither tokenizers in this process nor those of servers can be told to see none: llama.cpp matches Harmony's markers whatever it is told,
/// and vLLM's tokenizers match every special token. All that we write for have the form <c>&lt;|name|&gt;</c>; a half of one is nothing to anybody.
/// </remarks>
internal static partial class OrdinaryText
{
    /// <summary>Longest piece, in UTF-16 units, that a tokenizer is given; some take quadratic time or deep recursion for a word without end.</summary>
    private const int MaxLength = 16_384;

    /// <summary>The text in pieces, none of which holds a special token's name.</summary>
    public static IEnumerable<string> Cut(string text)
    {
        var start = 0;
        foreach (Match marker in Marker().Matches(text))
        {
            foreach (var piece in Limit(text, start, marker.Index + 1))
            {
                yield return piece;
            }

            start = marker.Index + 1;
        }

        foreach (var piece in Limit(text, start, text.Length))
        {
            yield return piece;
        }
    }

    private static IEnumerable<string> Limit(string text, int start, int end)
    {
        while (end - start > MaxLength)
        {
            var cut = start + MaxLength;
            var lineEnd = text.LastIndexOf('\n', cut - 1, MaxLength / 2);
            cut = lineEnd > start ? lineEnd + 1 : char.IsLowSurrogate(text[cut]) ? cut - 1 : cut;
            yield return text[start..cut];
            start = cut;
        }

        if (end > start)
        {
            yield return text[start..end];
        }
    }

    [GeneratedRegex(@"<\|[^|<>\s]{1,64}\|>")]
    private static partial Regex Marker();
}
