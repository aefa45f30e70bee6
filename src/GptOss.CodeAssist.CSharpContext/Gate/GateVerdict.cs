using System.Collections.Immutable;

namespace GptOss.CodeAssist.CSharpContext.Gate;

/// <summary>What a candidate is worth. The family is closed: the five cases nested here.</summary>
public abstract record GateVerdict
{
    private GateVerdict()
    {
    }

    /// <summary>Whether the candidate could go on however it wants: what is wrong with it lies in a statement that is whole, and so would be the verdict on a longer one.</summary>
    public bool IsFinal { get; init; }

    /// <summary>The candidate may be shown unchanged.</summary>
    public sealed record ShownAsIs(string Text) : GateVerdict;

    /// <summary>The first <paramref name="Length"/> UTF-16 units of the candidate may be shown, with <paramref name="Closers"/> after them.</summary>
    /// <param name="Text">The text to show: the kept part and the closers.</param>
    /// <param name="Length">How much of the candidate is kept; all of it where only closers were missing.</param>
    /// <param name="Closers">Brackets and semicolons that the candidate left open, or an empty string.</param>
    /// <param name="Because">The reason, for a person.</param>
    public sealed record CutTo(string Text, int Length, string Closers, string Because) : GateVerdict;

    /// <summary>The text may be shown if <paramref name="Namespaces"/> are imported with it.</summary>
    /// <param name="Text">The text to show.</param>
    /// <param name="Namespaces">The namespaces that the file does not import yet.</param>
    public sealed record NeedsUsing(string Text, ImmutableArray<string> Namespaces) : GateVerdict;

    /// <summary>Nothing of the candidate may be shown.</summary>
    /// <param name="Kind">What is wrong with it.</param>
    /// <param name="Because">The reason, for a person.</param>
    public sealed record Rejected(RejectionKind Kind, string Because) : GateVerdict;
}
