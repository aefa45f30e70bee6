using System.Text;
using GptOss.CodeAssist.Inference.Constraints;

namespace GptOss.CodeAssist.Inference.Llama.Sampling;

/// <summary>
/// Where one answer stands in its constraints. First the bytes that healing dropped, then the request's constraint; beside them what the
/// request's guide says of each word, which is looked at only after the model has chosen: most choices are right, and a refused one is made again.
/// </summary>
internal sealed class ConstraintWalker(byte[] healedBytes, IByteConstraint? constraint, IGenerationGuide? guide = null, float guideEscape = 1)
{
    private readonly StringBuilder? _answer = guide is null ? null : new StringBuilder();
    private readonly IByteConstraint? _current = healedBytes.Length > 0 ? new BytePrefixConstraint(healedBytes, constraint) : constraint;
    private int _state = healedBytes.Length > 0 ? 0 : constraint?.Start ?? IByteConstraint.Free;
    private int _healed;

    // What the guide said of the word at hand; free between words.
    private IByteConstraint? _word;
    private int _wordState = IByteConstraint.Free;

    /// <summary>Fills <paramref name="allowed"/> with what may come next, or returns false where everything may.</summary>
    public bool TryFill(AllowedTokens allowed)
    {
        if (_state == IByteConstraint.Free)
        {
            return false;
        }

        allowed.Fill(_current!, _state);
        return true;
    }

    /// <summary>Whether the guide refuses a token that was chosen; <paramref name="instead"/> then holds what may be chosen in its place.</summary>
    /// <param name="bytes">The token's bytes; empty for a special token.</param>
    /// <param name="probability">How sure the model is of it, between 0 and 1.</param>
    public bool Refuses(ReadOnlySpan<byte> bytes, double probability, AllowedTokens instead)
    {
        // While a constraint of the request's own holds there is nothing to guide.
        if (guide is null || (constraint is not null && _state != IByteConstraint.Free))
        {
            return false;
        }

        if (_wordState == IByteConstraint.Free && !TryAsk(bytes))
        {
            return false;
        }

        var isAllowed = bytes.IsEmpty ? _word!.MayEnd(_wordState) : Walk(_word!, _wordState, bytes) != IByteConstraint.Rejected;
        if (isAllowed)
        {
            return false;
        }

        instead.Fill(_word!, _wordState);
        var isSure = guideEscape < 1 && probability >= guideEscape;
        if (!isSure && !instead.IsEmpty)
        {
            return true;
        }

        // So sure of a name that nobody knows: perhaps it is about to be written.
        _wordState = IByteConstraint.Free;
        return false;
    }

    /// <summary>Moves on over a token's bytes. Call it for every ordinary token of the answer.</summary>
    /// <param name="bytes">The token's bytes.</param>
    /// <param name="text">The text that became certain with it.</param>
    public void Accept(ReadOnlySpan<byte> bytes, string text)
    {
        _answer?.Append(text);
        _healed = Math.Min(healedBytes.Length, _healed + bytes.Length);
        _state = _state == IByteConstraint.Free ? _state : Walk(_current!, _state, bytes);
        _wordState = _wordState == IByteConstraint.Free ? _wordState : Walk(_word!, _wordState, bytes);
    }

    /// <summary>Asks the guide about each word that a token begins; what stands before the word is kept as the model chose it.</summary>
    private bool TryAsk(ReadOnlySpan<byte> bytes)
    {
        var healing = Math.Min(healedBytes.Length - _healed, bytes.Length);
        var text = Encoding.UTF8.GetString(bytes[healing..]);
        if (text.Length == 0 || text.Contains('\uFFFD', StringComparison.Ordinal))
        {
            return false;
        }

        for (var start = 0; start < text.Length; start++)
        {
            if (BeginsWord(text, start) && guide!.FindConstraint(_answer!.ToString() + text[..start]) is { } found)
            {
                var before = bytes[..(healing + Encoding.UTF8.GetByteCount(text.AsSpan(0, start)))];
                _word = before.IsEmpty ? found : new BytePrefixConstraint(before, found);
                _wordState = _word.Start;
                return true;
            }
        }

        return false;
    }

    private bool BeginsWord(string text, int start)
    {
        if (start > 0)
        {
            return IsWord(text[start]) && !IsWord(text[start - 1]);
        }

        // The prompt may end in the middle of a word, which then may also end here.
        return _answer!.Length == 0 || (IsWord(text[0]) && !IsWord(_answer[^1]));
    }

    private static bool IsWord(char character) => char.IsLetterOrDigit(character) || character == '_';

    private static int Walk(IByteConstraint constraint, int state, ReadOnlySpan<byte> bytes)
    {
        foreach (var value in bytes)
        {
            if (state < 0)
            {
                break;
            }

            state = constraint.Advance(state, value);
        }

        return state;
    }
}
