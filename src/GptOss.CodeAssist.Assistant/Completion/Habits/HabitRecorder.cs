using Microsoft.CodeAnalysis.Text;

namespace GptOss.CodeAssist.Assistant.Completion.Habits;

/// <summary>Follows each suggestion from the moment it is offered to what is left of it half a minute after it was taken, and learns from it how sure the model has to be.</summary>
/// <remarks>
/// May be called from any thread. Texts are held in memory while they are followed, and only counts and lengths leave it.
/// Not every editor says what it shows: what stands unread for less than <see cref="ReadingTime"/> was not shown, what stands longer was.
/// </remarks>
public sealed class HabitRecorder : ICompletionFeedback, IDisposable
{
    /// <summary>Who sees a text for a shorter time has not read it.</summary>
    private static readonly TimeSpan ReadingTime = TimeSpan.FromMilliseconds(500);

    /// <summary>What is still there then was wanted.</summary>
    private static readonly TimeSpan KeepingTime = TimeSpan.FromSeconds(30);

    /// <summary>How far a taken text may have moved, in UTF-16 units.</summary>
    private const int SearchDistance = 4_000;

    private const int MaxFollowed = 64;

    private readonly ICompletionLedger _ledger;
    private readonly TimeProvider _time;
    private readonly Lock _lock = new();
    private readonly Dictionary<string, Named> _byId = new(StringComparer.Ordinal);
    private readonly Queue<string> _ids = new();
    private readonly Dictionary<string, Suggestion> _open = new(StringComparer.Ordinal);
    private readonly Dictionary<string, SourceText> _texts = new(StringComparer.Ordinal);
    private readonly List<ITimer> _timers = [];

    public HabitRecorder(ICompletionLedger ledger, TimeProvider? time = null)
    {
        ArgumentNullException.ThrowIfNull(ledger);
        _ledger = ledger;
        _time = time ?? TimeProvider.System;
    }

    /// <summary>Read when it is asked for first, so that no server begins by reading a file. Call under the lock.</summary>
    private AcceptanceRate Rate => field ??= AcceptanceRate.Of(_ledger.Read());

    /// <summary>The confidence below which this person has little use for a suggestion, between 0 and 0.2.</summary>
    public double MinConfidence
    {
        get
        {
            lock (_lock)
            {
                return Rate.MinConfidence;
            }
        }
    }

    public void Offered(CompletionOffer offer)
    {
        ArgumentNullException.ThrowIfNull(offer);
        lock (_lock)
        {
            var path = offer.Document.Path;
            _texts[path] = offer.Document.Text;
            var before = _open.GetValueOrDefault(path);
            var suggestion = before;
            // The rest of a text that a person types through is the same suggestion still.
            var isSame = before is { WasTaken: false } && (offer.IsAlternative || before.Text.EndsWith(offer.Text, StringComparison.Ordinal));
            if (!isSame)
            {
                Close(path);
                suggestion = new Suggestion(new CompletionCounts(offer.Document.LanguageId, offer.Model), path, _time.GetTimestamp()) { Text = offer.Text, Span = offer.Span };
                _open[path] = suggestion;
            }

            if (!offer.IsAlternative)
            {
                (suggestion!.Text, suggestion.Span) = (offer.Text, offer.Span);
            }

            Name(offer, suggestion!);
        }
    }

    /// <summary>An editor asked and nothing is shown any more.</summary>
    public void Withdrawn(string path)
    {
        lock (_lock)
        {
            Close(path);
        }
    }

    public void Shown(string candidateId)
    {
        lock (_lock)
        {
            if (_byId.TryGetValue(candidateId, out var named))
            {
                Show(named.Suggestion);
            }
        }
    }

    public void Accepted(string candidateId)
    {
        lock (_lock)
        {
            if (!_byId.TryGetValue(candidateId, out var named) || named.Suggestion.WasTaken)
            {
                return;
            }

            var suggestion = named.Suggestion;
            Show(suggestion);
            (suggestion.WasTaken, suggestion.Text, suggestion.Span) = (true, named.Offer.Text, named.Offer.Span);
            var more = Math.Max(0, suggestion.Text.Length - suggestion.TakenLength);
            suggestion.TakenLength = suggestion.Text.Length;
            Rate.Take();
            _ledger.Add(suggestion.Counts with { Accepted = 1, CharactersAccepted = more });
            LookLater(suggestion);
        }
    }

    public void PartiallyAccepted(string candidateId, int acceptedLength)
    {
        lock (_lock)
        {
            if (!_byId.TryGetValue(candidateId, out var named) || named.Suggestion.WasTaken)
            {
                return;
            }

            var suggestion = named.Suggestion;
            var length = Math.Clamp(acceptedLength, 0, named.Offer.Text.Length);
            if (length <= suggestion.TakenLength)
            {
                return;
            }

            Show(suggestion);
            var isFirst = suggestion.TakenLength == 0;
            _ledger.Add(suggestion.Counts with { PartlyAccepted = isFirst ? 1 : 0, CharactersAccepted = length - suggestion.TakenLength });
            suggestion.TakenLength = length;
            if (isFirst)
            {
                Rate.Take();
            }
        }
    }

    public void Edited(DocumentSnapshot document)
    {
        ArgumentNullException.ThrowIfNull(document);
        lock (_lock)
        {
            if (_texts.ContainsKey(document.Path))
            {
                _texts[document.Path] = document.Text;
            }
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            foreach (var timer in _timers)
            {
                timer.Dispose();
            }

            _timers.Clear();
        }
    }

    /// <summary>Counts a suggestion as seen, once.</summary>
    private void Show(Suggestion suggestion)
    {
        if (!suggestion.WasShown)
        {
            suggestion.WasShown = true;
            _ledger.Add(suggestion.Counts with { Shown = 1, CharactersShown = suggestion.Text.Length });
        }
    }

    /// <summary>Something else took a suggestion's place: it was rejected, if there was time to read it.</summary>
    private void Close(string path)
    {
        if (!_open.Remove(path, out var suggestion) || suggestion.WasTaken)
        {
            return;
        }

        if (_time.GetElapsedTime(suggestion.OfferedAt) >= ReadingTime)
        {
            Show(suggestion);
        }

        if (suggestion is { WasShown: true, TakenLength: 0 })
        {
            Rate.Reject();
            _ledger.Add(suggestion.Counts with { Rejected = 1 });
        }
    }

    private void LookLater(Suggestion suggestion)
    {
        ITimer? timer = null;
        timer = _time.CreateTimer(
            _ =>
            {
                lock (_lock)
                {
                    if (_timers.Remove(timer!))
                    {
                        timer!.Dispose();
                        Look(suggestion);
                    }
                }
            },
            null,
            Timeout.InfiniteTimeSpan,
            Timeout.InfiniteTimeSpan);
        _timers.Add(timer);
        timer.Change(KeepingTime, Timeout.InfiniteTimeSpan);
    }

    /// <summary>White space does not count: formatters move it.</summary>
    private void Look(Suggestion suggestion)
    {
        if (!_texts.TryGetValue(suggestion.Path, out var text))
        {
            return;
        }

        var start = Math.Clamp(suggestion.Span.Start - SearchDistance, 0, text.Length);
        var end = Math.Clamp(suggestion.Span.Start + suggestion.Text.Length + SearchDistance, start, text.Length);
        if (Squeeze(text.ToString(TextSpan.FromBounds(start, end))).Contains(Squeeze(suggestion.Text), StringComparison.Ordinal))
        {
            _ledger.Add(suggestion.Counts with { Kept = 1, CharactersKept = suggestion.Text.Length });
        }
    }

    private static string Squeeze(string text) => string.Concat(text.Where(character => !char.IsWhiteSpace(character)));

    private void Name(CompletionOffer offer, Suggestion suggestion)
    {
        _byId[offer.CandidateId] = new Named(suggestion, offer);
        _ids.Enqueue(offer.CandidateId);
        while (_ids.Count > MaxFollowed)
        {
            _byId.Remove(_ids.Dequeue());
        }
    }

    /// <summary>One of a suggestion's names, with what stood under it.</summary>
    private sealed record Named(Suggestion Suggestion, CompletionOffer Offer);
}
