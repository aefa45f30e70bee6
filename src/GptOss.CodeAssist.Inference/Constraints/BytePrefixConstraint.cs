namespace GptOss.CodeAssist.Inference.Constraints;

/// <summary>Exactly these bytes first, then another constraint, or anything: what token healing asks for.</summary>
public sealed class BytePrefixConstraint : IByteConstraint
{
    private readonly byte[] _prefix;
    private readonly IByteConstraint? _then;

    /// <param name="prefix">The bytes; at least one.</param>
    /// <param name="then">What must follow; null for anything.</param>
    public BytePrefixConstraint(ReadOnlySpan<byte> prefix, IByteConstraint? then = null)
    {
        if (prefix.IsEmpty)
        {
            throw new ArgumentException("An empty prefix restricts nothing.", nameof(prefix));
        }

        _prefix = prefix.ToArray();
        _then = then;
    }

    /// <summary>States below the prefix's length count its bytes; later ones are the other constraint's, shifted.</summary>
    public int Start => 0;

    public int Advance(int state, byte next)
    {
        if (state >= _prefix.Length)
        {
            return Shift(_then!.Advance(state - _prefix.Length, next));
        }

        if (_prefix[state] != next)
        {
            return IByteConstraint.Rejected;
        }

        return state + 1 < _prefix.Length ? state + 1 : _then is null ? IByteConstraint.Free : Shift(_then.Start);
    }

    public bool MayEnd(int state) => state >= _prefix.Length && _then!.MayEnd(state - _prefix.Length);

    private int Shift(int state) => state < 0 ? state : state + _prefix.Length;
}
