using System.Text;
using Spectre.Console;

namespace GptOss.CodeAssist.Cli.Showing;

/// <summary>Shows Markdown while it streams in: on a terminal in colours, prose at once and code a line at a time; elsewhere as it is.</summary>
/// <remarks>Control characters of the model's, escape sequences among them, never reach a terminal.</remarks>
internal sealed class MarkdownStream(IAnsiConsole console)
{
    private static readonly Style Quiet = new(Color.Grey);
    private static readonly Style Code = new(Color.Teal);
    private static readonly Style Strong = new(decoration: Decoration.Bold);

    private readonly bool _isPlain = !console.Profile.Capabilities.Ansi;

    /// <summary>The beginning of a line that is not shown yet: it may become a heading or a fence, or is code.</summary>
    private readonly StringBuilder _held = new();
    private readonly StringBuilder _segment = new();
    private bool _isFenced;
    private bool _isProse;
    private bool _isBold;
    private bool _isCode;
    private bool _hasStar;
    private bool _isLineOpen;

    public void Write(string text)
    {
        foreach (var character in text)
        {
            if (character == '\n')
            {
                EndLine();
            }
            else if (character == '\t' || !char.IsControl(character))
            {
                Take(character);
            }
        }

        Flush();
    }

    /// <summary>Shows what is left and ends the line.</summary>
    public void Finish()
    {
        if (_isLineOpen)
        {
            EndLine();
        }
    }

    private void Take(char character)
    {
        _isLineOpen = true;
        if (_isPlain)
        {
            _segment.Append(character);
        }
        else if (_isProse)
        {
            TakeProse(character);
        }
        else
        {
            _held.Append(character);
            var start = _held.ToString().TrimStart();
            if (!_isFenced && start.Length > 0 && start[0] is not ('#' or '`' or '~'))
            {
                BeginProse();
            }
            else if (!_isFenced && start.Length >= 3 && start[0] is ('`' or '~') && !IsFence(start))
            {
                BeginProse();
            }
        }
    }

    private void BeginProse()
    {
        _isProse = true;
        foreach (var held in _held.ToString())
        {
            TakeProse(held);
        }

        _held.Clear();
    }

    private void TakeProse(char character)
    {
        if (_hasStar && character == '*')
        {
            _hasStar = false;
            Flush();
            _isBold = !_isBold;
            return;
        }

        if (_hasStar)
        {
            _hasStar = false;
            _segment.Append('*');
        }

        if (character == '`')
        {
            Flush();
            _isCode = !_isCode;
        }
        else if (character == '*' && !_isCode)
        {
            _hasStar = true;
        }
        else
        {
            _segment.Append(character);
        }
    }

    private void EndLine()
    {
        var held = _held.ToString();
        if (_isPlain || _isProse)
        {
            _segment.Append(_hasStar ? "*" : "");
            Flush();
        }
        else if (IsFence(held.TrimStart()))
        {
            _isFenced = !_isFenced;
            console.Write(held, Quiet);
        }
        else if (_isFenced)
        {
            CodeHighlighter.Write(console, held);
        }
        else if (held.TrimStart().StartsWith('#'))
        {
            console.Write(held, Strong);
        }
        else
        {
            BeginProse();
            Flush();
        }

        console.WriteLine();
        _held.Clear();
        (_isProse, _isBold, _isCode, _hasStar, _isLineOpen) = (false, false, false, false, false);
    }

    private static bool IsFence(string start) => start.StartsWith("```", StringComparison.Ordinal) || start.StartsWith("~~~", StringComparison.Ordinal);

    private void Flush()
    {
        if (_segment.Length > 0)
        {
            console.Write(_segment.ToString(), _isCode ? Code : _isBold ? Strong : Style.Plain);
            _segment.Clear();
        }
    }
}
