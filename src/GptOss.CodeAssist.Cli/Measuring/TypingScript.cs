using Microsoft.CodeAnalysis.Text;

namespace GptOss.CodeAssist.Cli.Measuring;

/// <summary>Someone typing the middle of a real file: forward, with slips that are taken back, new lines that bring their indentation, and accepted suggestions.</summary>
/// <remarks>The same file and seed give the same keystrokes, but for suggestions, which depend on the model.</remarks>
internal sealed class TypingScript
{
    private const double SlipChance = 0.03;
    private const double AcceptChance = 0.5;

    private readonly string _typed;
    private readonly Random _random;
    private readonly string _before;
    private readonly string _after;
    private int _position;
    private string _slip = "";
    private bool _isTakingBack;

    /// <param name="source">A whole file.</param>
    /// <param name="characters">How many characters of its middle are typed, in UTF-16 units.</param>
    public TypingScript(string source, int characters, int seed)
    {
        var start = source.IndexOf('\n', (int)(source.Length * 0.45)) + 1;
        var end = Math.Min(source.Length, start + characters);
        (_before, _typed, _after) = (source[..start], source[start..end], source[end..]);
        _random = new Random(seed);
    }

    public bool IsDone => _position >= _typed.Length && _slip.Length == 0;

    /// <summary>The text before the caret.</summary>
    public string Prefix => _before + _typed[.._position] + _slip;

    /// <summary>The text after the caret.</summary>
    public string Suffix => "\n" + _after;

    public SourceText Document => SourceText.From(Prefix + Suffix);

    /// <summary>Presses one key.</summary>
    public void Press()
    {
        if (_slip.Length > 0)
        {
            _isTakingBack |= _slip.Length >= 3 || _random.NextDouble() < 0.5;
            _slip = _isTakingBack ? _slip[..^1] : _slip + 'x';
            _isTakingBack &= _slip.Length > 0;
            return;
        }

        if (_random.NextDouble() < SlipChance)
        {
            _slip = "e";
            return;
        }

        _position++;

        // An editor indents a new line by itself.
        while (_position < _typed.Length && _typed[_position - 1] is '\n' or ' ' && _typed[_position] == ' ' && IsIndentation(_position))
        {
            _position++;
        }
    }

    /// <summary>Accepts a suggestion now and then, if it is what was going to be typed.</summary>
    public void Consider(string suggestion)
    {
        if (_slip.Length == 0 && suggestion.Length > 0 && _random.NextDouble() < AcceptChance
            && _typed.AsSpan(_position).StartsWith(suggestion, StringComparison.Ordinal))
        {
            _position += suggestion.Length;
        }
    }

    private bool IsIndentation(int position)
    {
        var lineStart = _typed.LastIndexOf('\n', position - 1) + 1;
        return string.IsNullOrWhiteSpace(_typed[lineStart..position]);
    }
}
