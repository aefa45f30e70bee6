using System.Collections.Immutable;

namespace GptOss.CodeAssist.CSharpContext.Related;

/// <summary>Related code cut to a budget.</summary>
/// <param name="Items">What is in, in the order of the answer it was cut from.</param>
/// <param name="Tokens">What it costs.</param>
/// <param name="LeftOut">What did not fit.</param>
public sealed record FittedContext(ImmutableArray<FittedItem> Items, int Tokens, ImmutableArray<RelatedItem> LeftOut)
{
    /// <summary>The scope of the answer it was cut from.</summary>
    public string Scope { get; init; } = string.Empty;

    /// <summary>All of it, an item a paragraph.</summary>
    public string Text => string.Join('\n', Items.Select(item => item.Text));
}
