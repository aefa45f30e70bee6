using System.Text;

namespace GptOss.CodeAssist.Inference.Constraints;

/// <summary>The answer begins with one of a set of names, as a whole word; after it anything may follow.</summary>
/// <remarks>
/// A state is a place in the sorted names and a depth: all names that begin as that name's first bytes do are still possible.
/// Nothing is built but the sorted list, because thousands of names are asked about between two tokens.
/// A name ends where a byte comes that cannot be part of an identifier.
/// </remarks>
public sealed class NameSetConstraint : IByteConstraint
{
    private const int DepthBits = 10;
    private const int DepthMask = (1 << DepthBits) - 1;

    private readonly byte[][] _names;
    private readonly bool _mayContinueNames;

    /// <param name="names">The allowed names; at least one, none empty or of more than 1,023 bytes of UTF-8.</param>
    /// <param name="mayContinueNames">Whether a name may be longer than a listed one, for sets that are known to be incomplete.</param>
    /// <param name="typed">The beginning of the names that stands there already, so that the answer goes on after it; empty where nothing does.</param>
    /// <exception cref="ArgumentException">There is no name, or none that begins with <paramref name="typed"/>.</exception>
    public NameSetConstraint(IEnumerable<string> names, bool mayContinueNames = false, string typed = "")
    {
        _mayContinueNames = mayContinueNames;
        _names = [.. names.Select(name => Encode(name, nameof(names)))];
        if (_names.Length == 0)
        {
            throw new ArgumentException("A set without names would allow nothing.", nameof(names));
        }

        Array.Sort(_names, static (left, right) => left.AsSpan().SequenceCompareTo(right));
        foreach (var value in Encoding.UTF8.GetBytes(typed))
        {
            Start = Start >= 0 ? Advance(Start, value) : Start;
        }

        if (Start < 0)
        {
            throw new ArgumentException("No name begins with what was typed.", nameof(typed));
        }
    }

    public int Start { get; }

    public int Advance(int state, byte next)
    {
        var (first, depth) = (state >> DepthBits, state & DepthMask);
        // The names that share the first bytes lie together, ordered by the next byte; the shortest comes first.
        var (low, high) = (first, _names.Length);
        while (low < high)
        {
            var middle = (low + high) / 2;
            var isBelow = SharesBeginning(middle, first, depth) && (_names[middle].Length == depth || _names[middle][depth] < next);
            (low, high) = isBelow ? (middle + 1, high) : (low, middle);
        }

        if (low < _names.Length && _names[low].Length > depth && _names[low][depth] == next && SharesBeginning(low, first, depth))
        {
            return (low << DepthBits) | (depth + 1);
        }

        return MayEnd(state) && (_mayContinueNames || !IsIdentifierPart(next)) ? IByteConstraint.Free : IByteConstraint.Rejected;
    }

    public bool MayEnd(int state) => _names[state >> DepthBits].Length == (state & DepthMask);

    private bool SharesBeginning(int name, int with, int depth) =>
        _names[name].Length >= depth && _names[name].AsSpan(0, depth).SequenceEqual(_names[with].AsSpan(0, depth));

    private static byte[] Encode(string name, string parameter)
    {
        ArgumentException.ThrowIfNullOrEmpty(name, parameter);
        var bytes = Encoding.UTF8.GetBytes(name);
        return bytes.Length <= DepthMask ? bytes : throw new ArgumentException($"A name of {bytes.Length} bytes is too long.", parameter);
    }

    /// <summary>Letters, digits, underscores, and every byte of a character beyond ASCII, since most of those in source code are letters.</summary>
    private static bool IsIdentifierPart(byte value) => char.IsAsciiLetterOrDigit((char)value) || value is (byte)'_' or >= 0x80;
}
