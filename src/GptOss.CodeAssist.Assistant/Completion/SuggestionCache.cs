using System.Collections.Immutable;

namespace GptOss.CodeAssist.Assistant.Completion;

/// <summary>
/// Answers that were computed before, found again by what stands around the caret: after typing what was suggested, taking a word
/// or a line of it, deleting, undoing, or moving away and back.
/// </summary>
/// <remarks>May be called from any thread. A look-up takes some ten microseconds.</remarks>
internal sealed class SuggestionCache
{
    private const int MaxEntries = 128;

    private readonly Lock _lock = new();
    private readonly LinkedList<Entry> _entries = new();

    /// <param name="texts">What would be inserted, best first; none where the model had nothing to show.</param>
    /// <param name="reason">Why there is nothing; null when there is.</param>
    /// <param name="wasCompiled">Whether the answer was judged in its project.</param>
    public void Add(CaretKey key, string model, ImmutableArray<SuggestedText> texts, EmptyReason? reason, bool wasCompiled)
    {
        lock (_lock)
        {
            _entries.AddFirst(new Entry(key, model, texts, reason, wasCompiled));
            if (_entries.Count > MaxEntries)
            {
                _entries.RemoveLast();
            }
        }
    }

    /// <summary>What is left to insert at <paramref name="now"/> of an earlier answer; null when none fits.</summary>
    public CachedSuggestion? Find(CaretKey now, string model)
    {
        lock (_lock)
        {
            for (var node = _entries.First; node is not null; node = node.Next)
            {
                if (node.Value.Model == model && Find(node.Value, now) is { } found)
                {
                    _entries.Remove(node);
                    _entries.AddFirst(node);
                    return found;
                }
            }

            return null;
        }
    }

    private static CachedSuggestion? Find(Entry entry, CaretKey now)
    {
        if (entry.Texts.IsEmpty)
        {
            return now.FindTyped(entry.Key, "") is null ? null : new CachedSuggestion([], entry.Reason, entry.WasCompiled);
        }

        var rests = ImmutableArray.CreateBuilder<SuggestedText>();
        foreach (var (text, usings) in entry.Texts)
        {
            if (now.FindTyped(entry.Key, text) is { } typed && typed.Length < text.Length)
            {
                rests.Add(new SuggestedText(text[typed.Length..], usings));
            }
        }

        return rests.Count == 0 ? null : new CachedSuggestion(rests.ToImmutable(), null, entry.WasCompiled);
    }

    private sealed record Entry(CaretKey Key, string Model, ImmutableArray<SuggestedText> Texts, EmptyReason? Reason, bool WasCompiled);
}
