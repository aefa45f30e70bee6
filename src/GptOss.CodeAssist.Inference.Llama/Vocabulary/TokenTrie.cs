namespace GptOss.CodeAssist.Inference.Llama.Vocabulary;

/// <summary>A vocabulary's ordinary tokens in the order of their bytes, as a trie: every subtree is one range of that order.</summary>
/// <remarks>Immutable. A node's range holds the tokens that begin with the node's bytes, first the token that is exactly those bytes.</remarks>
internal sealed class TokenTrie
{
    /// <summary>Tokens that one question is about however they begin.</summary>
    private const int AskedTogether = 1024;

    private readonly int[] _tokens;
    private readonly Node[] _nodes;

    public TokenTrie(LlamaVocabulary vocabulary)
    {
        _tokens =
        [
            .. Enumerable.Range(0, vocabulary.Count)
                .Where(token => vocabulary.FindSpecialText(token) is null && vocabulary.GetBytes(token).Length > 0),
        ];
        Array.Sort(_tokens, (left, right) => vocabulary.GetBytes(left).SequenceCompareTo(vocabulary.GetBytes(right)));
        var nodes = new List<Node>(_tokens.Length * 2) { default };
        Build(vocabulary, nodes, node: 0, start: 0, end: _tokens.Length, depth: 0);
        _nodes = [.. nodes];
    }

    public int TokenCount => _tokens.Length;

    /// <summary>The tokens in the order of their bytes.</summary>
    public ReadOnlySpan<int> Tokens => _tokens;

    /// <summary>Whether some token begins with <paramref name="bytes"/> and is longer.</summary>
    public bool HasLonger(ReadOnlySpan<byte> bytes)
    {
        var node = 0;
        foreach (var value in bytes)
        {
            node = FindChild(node, value);
            if (node < 0)
            {
                return false;
            }
        }

        return _nodes[node].FirstChild > 0;
    }

    /// <summary>Collects the tokens whose bytes <paramref name="constraint"/> allows in <paramref name="state"/>, as ranges of <see cref="Tokens"/>.</summary>
    /// <remarks>The cost is that of the trie's nodes whose bytes the constraint accepts; a subtree below a free state is one range.</remarks>
    public void FindAllowed(IByteConstraint constraint, int state, List<Range> ranges)
    {
        ranges.Clear();
        if (state == IByteConstraint.Free)
        {
            Add(ranges, 0, _tokens.Length);
            return;
        }

        Visit(constraint, state, node: 0, ranges);
    }

    /// <summary>Collects the tokens that <paramref name="test"/> allows, for tests that cannot say what they think of single bytes.</summary>
    /// <remarks>
    /// What allows a token allows all that it begins with, so that nothing below a refused token is asked about.
    /// Asks once for each length of tokens, in bytes, until so few are left that one question is cheaper than going on.
    /// </remarks>
    /// <param name="test">Told tokens, removes those that it refuses.</param>
    /// <param name="allowed">Receives the allowed tokens, in no order.</param>
    public void FindAllowed(Action<List<int>> test, List<int> allowed)
    {
        var (level, asked) = (new List<int>(), new List<int>());
        AddChildren(0, level);
        while (level.Count > 0)
        {
            asked.Clear();
            if (level.Sum(node => _nodes[node].End - _nodes[node].Start) <= AskedTogether)
            {
                level.ForEach(node => asked.AddRange(_tokens.AsSpan(_nodes[node].Start, _nodes[node].End - _nodes[node].Start)));
                test(asked);
                allowed.AddRange(asked);
                return;
            }

            foreach (var node in level)
            {
                if (_nodes[node].IsToken)
                {
                    asked.Add(_tokens[_nodes[node].Start]);
                }
            }

            var count = allowed.Count;
            test(asked);
            allowed.AddRange(asked);
            var next = new List<int>();
            foreach (var node in level)
            {
                // Those that remain are in the order in which they were asked about.
                if (!_nodes[node].IsToken)
                {
                    AddChildren(node, next);
                }
                else if (count < allowed.Count && allowed[count] == _tokens[_nodes[node].Start])
                {
                    AddChildren(node, next);
                    count++;
                }
            }

            level = next;
        }
    }

    private void AddChildren(int node, List<int> nodes)
    {
        for (var child = _nodes[node].FirstChild; child > 0; child = _nodes[child].NextSibling)
        {
            nodes.Add(child);
        }
    }

    private void Visit(IByteConstraint constraint, int state, int node, List<Range> ranges)
    {
        for (var child = _nodes[node].FirstChild; child > 0; child = _nodes[child].NextSibling)
        {
            ref readonly var visited = ref _nodes[child];
            var next = constraint.Advance(state, visited.Value);
            if (next == IByteConstraint.Rejected)
            {
                continue;
            }

            if (next == IByteConstraint.Free)
            {
                Add(ranges, visited.Start, visited.End);
                continue;
            }

            if (visited.IsToken)
            {
                Add(ranges, visited.Start, visited.Start + 1);
            }

            Visit(constraint, next, child, ranges);
        }
    }

    private int FindChild(int node, byte value)
    {
        for (var child = _nodes[node].FirstChild; child > 0; child = _nodes[child].NextSibling)
        {
            if (_nodes[child].Value == value)
            {
                return child;
            }
        }

        return -1;
    }

    /// <summary>Ranges come in order, so that neighbours can be joined.</summary>
    private static void Add(List<Range> ranges, int start, int end)
    {
        if (ranges.Count > 0 && ranges[^1].End.Value == start)
        {
            ranges[^1] = ranges[^1].Start..end;
            return;
        }

        ranges.Add(start..end);
    }

    /// <summary>Fills in the children of a node whose tokens share their first <paramref name="depth"/> bytes. Token lengths bound the recursion.</summary>
    private void Build(LlamaVocabulary vocabulary, List<Node> nodes, int node, int start, int end, int depth)
    {
        var isToken = start < end && vocabulary.GetBytes(_tokens[start]).Length == depth;
        nodes[node] = nodes[node] with { Start = start, End = end, IsToken = isToken };
        var next = start;

        // Two tokens of equal bytes can only come from a broken file; the second is then as good as the first.
        while (next < end && vocabulary.GetBytes(_tokens[next]).Length == depth)
        {
            next++;
        }

        var previous = 0;
        while (next < end)
        {
            var value = vocabulary.GetBytes(_tokens[next])[depth];
            var childEnd = next + 1;
            while (childEnd < end && vocabulary.GetBytes(_tokens[childEnd])[depth] == value)
            {
                childEnd++;
            }

            var child = nodes.Count;
            nodes.Add(new Node { Value = value });
            if (previous == 0)
            {
                nodes[node] = nodes[node] with { FirstChild = child };
            }
            else
            {
                nodes[previous] = nodes[previous] with { NextSibling = child };
            }

            previous = child;
            Build(vocabulary, nodes, child, next, childEnd, depth + 1);
            next = childEnd;
        }
    }

    private record struct Node
    {
        public byte Value;
        public bool IsToken;
        public int Start;
        public int End;
        public int FirstChild;
        public int NextSibling;
    }
}
