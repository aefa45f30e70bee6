using System.Collections.Immutable;

namespace GptOss.CodeAssist.CSharpContext.Related;

/// <summary>Related code for a caret, most wanted first.</summary>
/// <param name="Items">The items.</param>
/// <param name="Sources">How long each source took.</param>
/// <param name="IsComplete">Whether every source finished; where not, the next keystroke finds more.</param>
public sealed record RelatedCode(ImmutableArray<RelatedItem> Items, ImmutableArray<SourceTiming> Sources, bool IsComplete)
{
    public static readonly RelatedCode None = new([], [], true);

    /// <summary>Share of the budget for outlines and their like; the rest is for similar code and its words.</summary>
    private const double OutlineShare = 0.5;

    /// <summary>Share of the budget after which snippets give way to the words of the snippets that follow.</summary>
    private const double SnippetShare = 0.3;

    /// <summary>Chooses what fits a budget: names of everything first, then the fuller form of the most wanted.</summary>
    /// <param name="budget">In tokens.</param>
    /// <param name="countTokens">Counts the tokens of a text.</param>
    public FittedContext Fit(int budget, Func<string, int> countTokens)
    {
        ArgumentNullException.ThrowIfNull(countTokens);
        var chosen = new Dictionary<RelatedItem, (string Text, int Tokens)>();
        var used = 0;
        var outlines = Items.Where(item => item.Kind is not (RelatedKind.SimilarCode or RelatedKind.Vocabulary)).ToList();
        var snippets = Items.Where(item => item.Kind == RelatedKind.SimilarCode).ToList();
        var vocabulary = Items.Where(item => item.Kind == RelatedKind.Vocabulary).ToList();
        Take(outlines, budget * OutlineShare);
        Take(snippets, used + budget * SnippetShare);
        Take(vocabulary, budget);
        Take(outlines, budget);
        Take(snippets, budget);
        foreach (var item in outlines.Where(item => chosen.ContainsKey(item) && item.Full != item.Brief))
        {
            var (_, tokens) = chosen[item];
            var full = countTokens(item.Full) + 1;
            if (used - tokens + full <= budget)
            {
                chosen[item] = (item.Full, full);
                used += full - tokens;
            }
        }

        var entries = Items.Where(chosen.ContainsKey).Select(item => new FittedItem(item, chosen[item].Text, chosen[item].Tokens)).ToImmutableArray();
        return new FittedContext(entries, used, [.. Items.Where(item => !chosen.ContainsKey(item))]);

        void Take(List<RelatedItem> items, double limit)
        {
            foreach (var item in items.Where(item => !chosen.ContainsKey(item)))
            {
                var tokens = countTokens(item.Brief) + 1;
                if (used + tokens <= limit)
                {
                    chosen[item] = (item.Brief, tokens);
                    used += tokens;
                }
            }
        }
    }
}
