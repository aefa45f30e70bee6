using System.Collections.Immutable;

namespace GptOss.CodeAssist.CSharpContext.Related;

/// <summary>Related code for a caret, most wanted first.</summary>
/// <param name="Items">The items.</param>
/// <param name="Sources">How long each source took.</param>
/// <param name="IsComplete">Whether every source finished; where not, the next keystroke finds more.</param>
public sealed record RelatedCode(ImmutableArray<RelatedItem> Items, ImmutableArray<SourceTiming> Sources, bool IsComplete)
{
    public static readonly RelatedCode None = new([], [], true);

    /// <summary>How many of an answer's first items are told even where the context before must shrink for them.</summary>
    private const int MostWanted = 5;

    /// <summary>Where the caret is: file, type and member. Answers for the same scope may share a beginning.</summary>
    public string Scope { get; init; } = string.Empty;

    /// <summary>Why nothing was looked for, a sentence for a person; null where something was.</summary>
    public string? SkippedBecause { get; init; }

    /// <summary>What fits a budget, beginning with what was told at the keystroke before: the model's prefix cache ends at the first difference.</summary>
    /// <param name="budget">In tokens.</param>
    /// <param name="countTokens">Counts the tokens of a text.</param>
    /// <param name="before">The context of the keystroke before, or null.</param>
    public FittedContext Fit(int budget, Func<string, int> countTokens, FittedContext? before)
    {
        var fresh = Fit(budget, countTokens);
        if (before is null || before.Scope != Scope || before.Tokens > budget)
        {
            return fresh;
        }

        // Only what the caret newly asks for is worth telling late: the first few of the answer, where they are not told yet.
        var told = before.Items.Select(item => item.Item.Key).ToHashSet(StringComparer.Ordinal);
        var news = fresh.Items.Where(item => item.Item.Kind != RelatedKind.Vocabulary).Take(MostWanted).Where(item => !told.Contains(item.Item.Key)).ToList();
        var kept = before.Items.ToList();
        var used = before.Tokens;
        foreach (var item in news)
        {
            while (used + item.Tokens > budget && kept.Count > 0)
            {
                used -= kept[^1].Tokens;
                kept.RemoveAt(kept.Count - 1);
            }
        }

        foreach (var item in news.Where(item => used + item.Tokens <= budget))
        {
            kept.Add(item);
            used += item.Tokens;
        }

        return new FittedContext([.. kept], used, fresh.LeftOut) { Scope = Scope };
    }

    /// <summary>What fits a budget: what promises the most wanted names for a token, in the order of the answer.</summary>
    /// <param name="budget">In tokens.</param>
    /// <param name="countTokens">Counts the tokens of a text.</param>
    public FittedContext Fit(int budget, Func<string, int> countTokens)
    {
        ArgumentNullException.ThrowIfNull(countTokens);
        return ContextFitter.Fit(Items, budget, countTokens) with { Scope = Scope };
    }
}
