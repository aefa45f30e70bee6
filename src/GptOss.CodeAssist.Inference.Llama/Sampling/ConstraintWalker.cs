using System.Text;
using GptOss.CodeAssist.Inference.Constraints;

namespace GptOss.CodeAssist.Inference.Llama.Sampling;

/// <summary>Where one answer stands in its constraints: first the bytes that healing dropped, then the request's constraint, then what its guide says.</summary>
internal sealed class ConstraintWalker(byte[] healedBytes, IByteConstraint? constraint, IGenerationGuide? guide)
{
    private readonly StringBuilder? _answer = guide is null ? null : new StringBuilder();
    private IByteConstraint? _current = healedBytes.Length > 0 ? new BytePrefixConstraint(healedBytes, constraint) : constraint;
    private int _state = healedBytes.Length > 0 ? 0 : constraint?.Start ?? IByteConstraint.Free;
    private bool _guideAsked;

    /// <summary>Fills <paramref name="allowed"/> with what may come next, or returns false where everything may.</summary>
    public bool TryFill(AllowedTokens allowed)
    {
        if (_state == IByteConstraint.Free && guide is not null && !_guideAsked)
        {
            _guideAsked = true;
            _current = guide.FindConstraint(_answer!.ToString());
            _state = _current?.Start ?? IByteConstraint.Free;
        }

        if (_state == IByteConstraint.Free)
        {
            return false;
        }

        allowed.Fill(_current!, _state);
        return true;
    }

    /// <summary>Moves on over a token's bytes. Call it for every ordinary token of the answer.</summary>
    /// <param name="bytes">The token's bytes.</param>
    /// <param name="text">The text that became certain with it.</param>
    public void Accept(ReadOnlySpan<byte> bytes, string text)
    {
        _answer?.Append(text);
        _guideAsked = false;
        foreach (var value in bytes)
        {
            if (_state == IByteConstraint.Free)
            {
                return;
            }

            _state = _current!.Advance(_state, value);
        }
    }
}
