using System.Collections.Immutable;
using GptOss.CodeAssist.CSharpContext.Related.Lexical;

namespace GptOss.CodeAssist.CSharpContext.Related;

/// <summary>Chooses what of related code is told within a budget: always what promises the most wanted names for a token.</summary>
/// <remarks>
/// How likely a name is wanted was counted on 1,400 names that 320 member bodies of four foreign repositories needed and their files did not hold:
/// 16 in 100 of the first names of the nearest type, 2 of those of the tenth; 13 of the first of the vocabulary, 2 of the thirtieth; 2 of a snippet's words.
/// </remarks>
internal sealed class ContextFitter
{
    private const int FirstNames = 4;
    private const int MoreNames = 8;

    /// <summary>A snippet shows how names are used, which no list does; but it spends its tokens on brackets.</summary>
    private const double SnippetWord = 0.012;
    private const double ExampleWord = 0.03;
    private const double TypeName = 0.012;
    private const double Extension = 0.06;
    private const double ConfigurationKey = 0.1;

    /// <summary>What the signatures of the nearest type are worth where there is room: how a name is used, not only that it exists.</summary>
    private const double Signatures = 0.4;
    private const double RoomForSignatures = 1024;

    private readonly Func<string, int> _countTokens;
    private readonly int _budget;
    private readonly List<Part> _parts = [];
    private readonly HashSet<string> _told = new(StringComparer.Ordinal);
    private readonly PriorityQueue<Offer, double> _offers = new();
    private int _used;

    private ContextFitter(IEnumerable<RelatedItem> items, int budget, Func<string, int> countTokens)
    {
        _budget = budget;
        _countTokens = countTokens;
        var ranks = new Dictionary<RelatedKind, int>();
        foreach (var item in items)
        {
            var rank = ranks.GetValueOrDefault(item.Kind);
            ranks[item.Kind] = rank + 1;
            _parts.Add(new Part(item, rank));
        }
    }

    /// <param name="items">What there is, most wanted first within each kind.</param>
    /// <param name="budget">In tokens.</param>
    /// <param name="countTokens">Counts the tokens of a text.</param>
    public static FittedContext Fit(ImmutableArray<RelatedItem> items, int budget, Func<string, int> countTokens)
    {
        var fitter = new ContextFitter(items, budget, countTokens);
        fitter.Choose();
        return new FittedContext(
            [.. fitter._parts.Where(part => part.IsOpen).Select(part => new FittedItem(part.Item, part.Text, part.Tokens))],
            fitter._used,
            [.. fitter._parts.Where(part => !part.IsOpen).Select(part => part.Item)]);
    }

    private void Choose()
    {
        foreach (var part in _parts)
        {
            Enqueue(NextOf(part));
        }

        while (_offers.TryDequeue(out var offer, out _))
        {
            // What has been told since may have made the offer poorer.
            var now = offer with { Gain = GainOf(offer) };
            if (_offers.TryPeek(out _, out var best) && -now.Density > best)
            {
                Enqueue(now);
                continue;
            }

            if (now.Gain <= 0 || _used + now.Tokens > _budget)
            {
                continue;
            }

            Accept(now);
            Enqueue(NextOf(now.Part));
            Enqueue(SignaturesOf(now.Part));
        }
    }

    private void Enqueue(Offer? offer)
    {
        if (offer is not null)
        {
            _offers.Enqueue(offer, -offer.Density);
        }
    }

    private void Accept(Offer offer)
    {
        _used += offer.Tokens;
        offer.Part.Accept(offer);
        _told.UnionWith(offer.Words);
    }

    /// <summary>The next names of a part, or the whole of one without names; null where all is told.</summary>
    private Offer? NextOf(Part part)
    {
        var item = part.Item;
        if (part.IsFull || (part.IsOpen && part.Taken >= item.Names.Length))
        {
            return null;
        }

        // A type's outline keeps its own names together; the vocabulary repeats nothing.
        var left = Enumerable.Range(part.Taken, item.Names.Length - part.Taken);
        List<int> next = item.Kind == RelatedKind.Vocabulary
            ? [.. left.Where(index => !_told.Contains(item.Names[index])).Take(MoreNames)]
            : [.. left.Take(part.IsOpen ? MoreNames : FirstNames)];
        if (next.Count == 0 && (part.IsOpen || item.Kind == RelatedKind.Vocabulary))
        {
            return null;
        }

        ImmutableArray<string> names = [.. next.Select(index => item.Names[index])];
        IEnumerable<string> words = part.IsOpen ? names : names.Concat(Words.Find(item.Header).ToList());
        var tokens = (part.IsOpen ? 0 : _countTokens(item.Header) + (names.IsEmpty ? 1 : 4)) + (names.IsEmpty ? 0 : _countTokens(", " + string.Join(", ", names)));
        return Offer.Of(this, part, [.. words.Distinct(StringComparer.Ordinal)], names, next.Count == 0 ? 0 : next[^1] + 1, tokens, isFull: false);
    }

    private Offer? SignaturesOf(Part part)
    {
        if (part.IsFull || !part.Item.HasSignatures || part.Rank > 12)
        {
            return null;
        }

        var full = part.Item.Full;
        return Offer.Of(this, part, [.. Words.Find(full).ToList().Distinct(StringComparer.Ordinal)], [], part.Taken, Math.Max(1, _countTokens(full) + 1 - part.Tokens), isFull: true);
    }

    private double GainOf(Offer offer)
    {
        var part = offer.Part;
        if (offer.IsFull)
        {
            // Another offer may have told more of the part since; then the price is no longer true.
            return part.IsFull || part.Tokens != offer.TokensBefore ? 0 : Signatures * Math.Min(1, _budget / RoomForSignatures) / (1 + part.Rank);
        }

        if (part.IsFull)
        {
            return 0;
        }

        return part.Item.Kind switch
        {
            RelatedKind.Callee => 1,
            RelatedKind.Vocabulary => NewOf(offer, position => 0.14 / (1 + position * 0.2)),
            RelatedKind.ConfigurationKeys => NewOf(offer, position => ConfigurationKey / (1 + position * 0.05)),
            RelatedKind.Extensions => NewOf(offer, position => Extension / (1 + part.Rank * 0.5) / (1 + position * 0.25)),
            RelatedKind.SimilarCode => SnippetWord / (1 + part.Rank * 0.1) * offer.Words.Count(word => !_told.Contains(word)),
            RelatedKind.WorkedExample => ExampleWord / (1 + part.Rank * 0.3) * offer.Words.Count(word => !_told.Contains(word)),
            _ => (part.IsOpen ? 0 : TypeName) + NewOf(offer, position => 0.17 / (1 + part.Rank * 0.5) / (1 + position * 0.25)),
        };
    }

    private double NewOf(Offer offer, Func<int, double> likelihood)
    {
        var sum = 0.0;
        for (var index = 0; index < offer.Names.Length; index++)
        {
            sum += _told.Contains(offer.Names[index]) ? 0 : likelihood(offer.Part.Taken + index);
        }

        return sum;
    }

    private sealed class Part(RelatedItem item, int rank)
    {
        private readonly List<string> _shown = [];

        public RelatedItem Item { get; } = item;

        /// <summary>Its place among those of its kind, from 0.</summary>
        public int Rank { get; } = rank;

        /// <summary>How many of its names have been offered and taken.</summary>
        public int Taken { get; private set; }

        public int Tokens { get; private set; }

        public bool IsOpen { get; private set; }

        public bool IsFull { get; private set; }

        public string Text => IsFull ? Item.Full : Item.Write(_shown);

        public void Accept(Offer offer)
        {
            IsOpen = true;
            IsFull = offer.IsFull;
            Taken = offer.Taken;
            Tokens += offer.Tokens;
            _shown.AddRange(offer.Names);
        }
    }

    /// <summary>Something more that could be told of a part.</summary>
    private sealed record Offer(Part Part, ImmutableArray<string> Words, ImmutableArray<string> Names, int Taken, int Tokens, int TokensBefore, bool IsFull)
    {
        public double Gain { get; init; }

        public double Density => Gain / Tokens;

        public static Offer Of(ContextFitter fitter, Part part, ImmutableArray<string> words, ImmutableArray<string> names, int taken, int tokens, bool isFull)
        {
            var offer = new Offer(part, words, names, taken, Math.Max(1, tokens), part.Tokens, isFull);
            return offer with { Gain = fitter.GainOf(offer) };
        }
    }
}
