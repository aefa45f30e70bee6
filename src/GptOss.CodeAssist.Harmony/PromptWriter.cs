using System.Collections.Immutable;
using System.Text;
using GptOss.CodeAssist.Inference;

namespace GptOss.CodeAssist.Harmony;

/// <summary>Collects prompt parts, joining neighbouring texts into one so that they are tokenised together.</summary>
internal sealed class PromptWriter
{
    private readonly ImmutableArray<PromptPart>.Builder _parts = ImmutableArray.CreateBuilder<PromptPart>();
    private readonly StringBuilder _text = new();

    public PromptWriter Special(string name)
    {
        FlushText();
        _parts.Add(new PromptPart.Special(name));
        return this;
    }

    public PromptWriter Text(string value)
    {
        _text.Append(value);
        return this;
    }

    public ImmutableArray<PromptPart> ToImmutable()
    {
        FlushText();
        return _parts.ToImmutable();
    }

    private void FlushText()
    {
        if (_text.Length > 0)
        {
            _parts.Add(new PromptPart.Text(_text.ToString()));
            _text.Clear();
        }
    }
}
