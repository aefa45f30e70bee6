using Microsoft.CodeAnalysis.Text;

namespace GptOss.CodeAssist.Assistant.Completion;

/// <summary>A place in a document by what stands around it, so that it is recognised after typing, deleting, undoing and moving away and back.</summary>
/// <param name="Path">The document.</param>
/// <param name="Before">The text before the caret, at most <see cref="MaxBefore"/> UTF-16 units.</param>
/// <param name="After">The text after the caret, at most <see cref="MaxAfter"/> UTF-16 units.</param>
internal sealed record CaretKey(string Path, string Before, string After)
{
    private const int MaxBefore = 1_024;
    private const int MaxAfter = 512;

    /// <summary>How much of the text before a place has to agree; the rest of <see cref="Before"/> is room for what was typed since.</summary>
    private const int Compared = 384;

    /// <summary>Closers that editors insert while a person types.</summary>
    private const string Inserted = ")]}\"';>";

    private const int MaxInserted = 8;

    public static CaretKey At(string path, SourceText text, int offset) => new(
        path,
        text.ToString(TextSpan.FromBounds(Math.Max(0, offset - MaxBefore), offset)),
        text.ToString(TextSpan.FromBounds(offset, Math.Min(text.Length, offset + MaxAfter))));

    /// <summary>
    /// The text that was typed since <paramref name="earlier"/>, if it is the beginning of <paramref name="expected"/> and nothing else
    /// changed nearby but closers that the editor inserted; null otherwise.
    /// </summary>
    public string? FindTyped(CaretKey earlier, string expected)
    {
        if (Path != earlier.Path || !FollowsAs(earlier))
        {
            return null;
        }

        var compared = earlier.Before.AsSpan(Math.Max(0, earlier.Before.Length - Compared));
        var longest = Math.Min(expected.Length, Before.Length - compared.Length);
        // The longest agreement is the right one: a repetitive text may agree in shorter ways too.
        for (var length = longest; length >= 0; length--)
        {
            var typed = Before.AsSpan(Before.Length - length);
            if (expected.AsSpan().StartsWith(typed, StringComparison.Ordinal) && Before.AsSpan(0, Before.Length - length).EndsWith(compared, StringComparison.Ordinal))
            {
                return typed.ToString();
            }
        }

        return null;
    }

    /// <summary>Whatever was typed since <paramref name="earlier"/>, if nothing else changed nearby; null otherwise.</summary>
    public string? FindAnyTyped(CaretKey earlier)
    {
        var compared = earlier.Before.AsSpan(Math.Max(0, earlier.Before.Length - Compared));
        var found = Before.AsSpan().LastIndexOf(compared);
        return Path == earlier.Path && found >= 0 && FollowsAs(earlier) ? Before[(found + compared.Length)..] : null;
    }

    private bool FollowsAs(CaretKey earlier)
    {
        for (var inserted = 0; inserted <= MaxInserted && inserted <= After.Length; inserted++)
        {
            var rest = After.AsSpan(inserted);
            var common = Math.Min(rest.Length, Math.Min(earlier.After.Length, MaxAfter - MaxInserted));
            var isWhole = common == earlier.After.Length || common >= MaxAfter - MaxInserted;
            if (isWhole && rest[..common].SequenceEqual(earlier.After.AsSpan(0, common)))
            {
                return true;
            }

            if (inserted == After.Length || !Inserted.Contains(After[inserted], StringComparison.Ordinal))
            {
                return false;
            }
        }

        return false;
    }
}
