using System.Text;

namespace GptOss.CodeAssist.Inference.Constraints;

/// <summary>The answer begins with one of a set of names, as a whole word; after it anything may follow.</summary>
/// <remarks>A trie over the names' UTF-8 bytes; a state is a node. A name ends where a byte comes that cannot be part of an identifier.</remarks>
public sealed class NameSetConstraint : IByteConstraint
{
    private readonly List<Node> _nodes = [new Node()];
    private readonly bool _mayContinueNames;

    /// <param name="names">The allowed names; at least one, none empty.</param>
    /// <param name="mayContinueNames">Whether a name may be longer than a listed one, for sets that are known to be incomplete.</param>
    public NameSetConstraint(IEnumerable<string> names, bool mayContinueNames = false)
    {
        _mayContinueNames = mayContinueNames;
        foreach (var name in names)
        {
            ArgumentException.ThrowIfNullOrEmpty(name, nameof(names));
            Add(Encoding.UTF8.GetBytes(name));
        }

        if (_nodes.Count == 1)
        {
            throw new ArgumentException("A set without names would allow nothing.", nameof(names));
        }
    }

    public int Start => 0;

    public int Advance(int state, byte next)
    {
        var node = _nodes[state];
        for (var i = 0; i < node.Children.Count; i++)
        {
            if (node.Children[i].Value == next)
            {
                return node.Children[i].Node;
            }
        }

        return node.IsName && (_mayContinueNames || !IsIdentifierPart(next)) ? IByteConstraint.Free : IByteConstraint.Rejected;
    }

    public bool MayEnd(int state) => _nodes[state].IsName;

    /// <summary>Letters, digits, underscores, and every byte of a character beyond ASCII, since most of those in source code are letters.</summary>
    private static bool IsIdentifierPart(byte value) => char.IsAsciiLetterOrDigit((char)value) || value is (byte)'_' or >= 0x80;

    private void Add(ReadOnlySpan<byte> name)
    {
        var current = 0;
        foreach (var value in name)
        {
            var known = _nodes[current].Children.FindIndex(child => child.Value == value);
            if (known >= 0)
            {
                current = _nodes[current].Children[known].Node;
                continue;
            }

            _nodes.Add(new Node());
            _nodes[current].Children.Add((value, _nodes.Count - 1));
            current = _nodes.Count - 1;
        }

        _nodes[current].IsName = true;
    }

    private sealed class Node
    {
        public List<(byte Value, int Node)> Children { get; } = [];

        public bool IsName { get; set; }
    }
}
