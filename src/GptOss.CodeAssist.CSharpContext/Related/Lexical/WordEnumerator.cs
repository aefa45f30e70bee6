namespace GptOss.CodeAssist.CSharpContext.Related.Lexical;

/// <summary>Walks the identifiers of a text from left to right.</summary>
internal ref struct WordEnumerator(ReadOnlySpan<char> text)
{
    private readonly ReadOnlySpan<char> _text = text;
    private int _index;

    public Range Current { get; private set; }

    public readonly WordEnumerator GetEnumerator() => this;

    public bool MoveNext()
    {
        while (_index < _text.Length)
        {
            var character = _text[_index];
            if (char.IsLetter(character) || character == '_')
            {
                var start = _index;
                Skip();
                if (_index - start > 1)
                {
                    Current = start.._index;
                    return true;
                }
            }
            else if (char.IsDigit(character))
            {
                Skip(); // A number and the letters that belong to it are no word.
            }
            else
            {
                _index++;
            }
        }

        return false;
    }

    /// <summary>The same words as strings, for whoever keeps them.</summary>
    public readonly List<string> ToList()
    {
        var words = new List<string>();
        foreach (var range in this)
        {
            words.Add(_text[range].ToString());
        }

        return words;
    }

    private void Skip()
    {
        while (_index < _text.Length && (char.IsLetterOrDigit(_text[_index]) || _text[_index] == '_'))
        {
            _index++;
        }
    }
}
