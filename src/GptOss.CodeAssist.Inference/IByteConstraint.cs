namespace GptOss.CodeAssist.Inference;

/// <summary>
/// A deterministic automaton over the UTF-8 bytes of an answer. An engine walks it together with a trie of its vocabulary
/// to find the allowed tokens, so that a constraint needs to know no tokens.
/// </summary>
/// <remarks>States are the constraint's own integers; implementations are immutable and may be used from any thread.</remarks>
public interface IByteConstraint
{
    /// <summary>The state before any byte.</summary>
    int Start { get; }

    /// <summary>The state after <paramref name="next"/>, <see cref="Rejected"/>, or <see cref="Free"/>.</summary>
    int Advance(int state, byte next);

    /// <summary>Whether the answer may end in this state.</summary>
    bool MayEnd(int state);

    /// <summary>The byte is not allowed here.</summary>
    const int Rejected = -1;

    /// <summary>From here on every byte is allowed, and the answer may end.</summary>
    const int Free = -2;
}
