using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.ML.Tokenizers;

namespace GptOss.CodeAssist.TestSupport.Models;

/// <summary>Cuts text by a pattern that sees characters, where .NET's regular expressions see UTF-16 units and take half a letter beyond U+FFFF for no letter at all.</summary>
internal sealed class RunePreTokenizer(Regex pattern) : PreTokenizer
{
    public override IEnumerable<(int Offset, int Length)> PreTokenize(string text)
    {
        // One unit a character, and where each of them begins in the text.
        var starts = new List<int>(text.Length + 1);
        var flat = new StringBuilder(text.Length);
        var position = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            starts.Add(position);
            flat.Append(rune.IsBmp ? (char)rune.Value : Represent(rune));
            position += rune.Utf16SequenceLength;
        }

        starts.Add(position);
        foreach (Match match in pattern.Matches(flat.ToString()))
        {
            yield return (starts[match.Index], starts[match.Index + match.Length] - starts[match.Index]);
        }
    }

    public override IEnumerable<(int Offset, int Length)> PreTokenize(ReadOnlySpan<char> text) => PreTokenize(text.ToString());

    /// <summary>A character of the same category that fits into one unit.</summary>
    private static char Represent(Rune rune) => Rune.GetUnicodeCategory(rune) switch
    {
        UnicodeCategory.UppercaseLetter => 'À',
        UnicodeCategory.LowercaseLetter => 'ß',
        UnicodeCategory.TitlecaseLetter => 'ǅ',
        UnicodeCategory.ModifierLetter => 'ʰ',
        UnicodeCategory.OtherLetter => '中',
        UnicodeCategory.DecimalDigitNumber or UnicodeCategory.LetterNumber or UnicodeCategory.OtherNumber => '²',
        UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.EnclosingMark => '\u0301',
        _ => '☺',
    };
}
