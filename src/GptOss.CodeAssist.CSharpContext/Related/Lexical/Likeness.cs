namespace GptOss.CodeAssist.CSharpContext.Related.Lexical;

/// <summary>How much names share with the words around a caret.</summary>
internal sealed class Likeness
{
    private readonly Dictionary<string, double> _parts = new(StringComparer.Ordinal);

    private Likeness()
    {
    }

    public static Likeness At(CSharpDocument document, int caret, CaretPlace place)
    {
        var likeness = new Likeness();
        var text = document.Text;
        var current = text.Lines.GetLineFromPosition(caret).LineNumber;
        for (var line = Math.Max(0, current - 10); line <= Math.Min(text.Lines.Count - 1, current + 4); line++)
        {
            var content = text.Lines[line].ToString();
            foreach (var range in Words.Find(content))
            {
                foreach (var part in Words.PartsOf(content[range]))
                {
                    likeness._parts[part] = Math.Max(likeness._parts.GetValueOrDefault(part), 1.0 / (1 + Math.Abs(line - current) * 0.3));
                }
            }
        }

        foreach (var part in Words.PartsOf(place.MemberName))
        {
            likeness._parts[part] = 1;
        }

        return likeness;
    }

    /// <summary>From 0, where no part of the name stands near the caret, to 1, where all stand on its line.</summary>
    public double Of(string name)
    {
        var parts = Words.PartsOf(name);
        var sum = 0.0;
        foreach (var part in parts)
        {
            sum += _parts.GetValueOrDefault(part);
        }

        return parts.Length == 0 ? 0 : sum / parts.Length;
    }
}
