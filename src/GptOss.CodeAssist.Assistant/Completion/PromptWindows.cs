using GptOss.CodeAssist.Inference;
using Microsoft.CodeAnalysis.Text;

namespace GptOss.CodeAssist.Assistant.Completion;

/// <summary>
/// Cuts the pieces of documents that prompts show, and keeps each cut where it was from one keystroke to the next, so that
/// successive prompts share all tokens but the typed ones and the engine's prefix cache holds.
/// </summary>
/// <remarks>
/// A cut moves only when the caret has left the window or the window has outgrown the budget; it then moves far, to leave room
/// for some hundred keystrokes. May be called from any thread.
/// </remarks>
internal sealed class PromptWindows(IInferenceEngine engine)
{
    /// <summary>How much of the budget a new window fills; the rest is room to type.</summary>
    private const double FreshFill = 0.6;

    /// <summary>A caret that moved up into this fraction of its window's budget gets a new window.</summary>
    private const double LeastFill = 0.2;

    /// <summary>Characters that recognise a cut again after edits above it.</summary>
    private const int LandmarkLength = 120;

    /// <summary>How far a landmark is searched for, in UTF-16 units.</summary>
    private const int SearchDistance = 20_000;

    /// <summary>The anchor follows the caret when it lags by more than this, in UTF-16 units.</summary>
    private const int MaxTail = 1_200;

    private const int MaxDocuments = 32;
    private const double UsualCharactersPerToken = 3.2;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, Cut> _cuts = new(StringComparer.Ordinal);

    /// <summary>The window for a caret.</summary>
    /// <param name="path">Names the document.</param>
    /// <param name="maxPrefix">Most tokens before the caret.</param>
    /// <param name="maxSuffix">Most tokens after the caret.</param>
    public async ValueTask<PromptWindow> TakeAsync(string path, CaretSite site, int maxPrefix, int maxSuffix, CancellationToken cancellationToken)
    {
        var last = FindLast(path);
        var cut = last is null ? null : await FollowAsync(last, site, maxPrefix, cancellationToken);
        cut ??= await CutAsync(site, maxPrefix, cancellationToken);
        var (suffixStart, suffix) = (site.SuffixStart, last?.Suffix);
        var whole = site.Style.ToModel(site.Text.ToString(TextSpan.FromBounds(suffixStart, Math.Min(site.Text.Length, suffixStart + (maxSuffix * 6)))));
        if (suffix is null || suffix.Whole != whole)
        {
            suffix = new SuffixCut(whole, await CutSuffixAsync(whole, maxSuffix, cancellationToken));
        }

        Remember(path, cut with { Suffix = suffix });
        return new PromptWindow(Slice(site, cut.Start, cut.Anchor), Slice(site, cut.Anchor, site.Offset), suffix.Shown);
    }

    /// <summary>The last cut, moved along with edits above it; null when it no longer serves.</summary>
    private async ValueTask<Cut?> FollowAsync(Cut last, CaretSite site, int maxPrefix, CancellationToken cancellationToken)
    {
        if (FindLandmark(site, last) is not { } start || start > site.Offset)
        {
            return null;
        }

        var length = site.Offset - start;
        var (tokens, charactersPerToken) = (length / last.CharactersPerToken, last.CharactersPerToken);
        if (tokens > maxPrefix * 0.85)
        {
            // Near the limit the estimate is not good enough.
            tokens = await engine.CountTokensAsync(Slice(site, start, site.Offset), cancellationToken);
            charactersPerToken = length / Math.Max(1, tokens);
        }

        if (tokens > maxPrefix || (start > 0 && tokens < maxPrefix * LeastFill))
        {
            return null;
        }

        var anchor = last.Anchor + start - last.Start;
        var keepsAnchor = anchor >= start && anchor <= site.Offset && site.Offset - anchor <= MaxTail && (anchor == 0 || site.Text[anchor - 1] == '\n');
        return new Cut(start, keepsAnchor ? anchor : FindAnchor(site, start), last.Landmark, charactersPerToken);
    }

    private static int? FindLandmark(CaretSite site, Cut last)
    {
        var landmark = last.Landmark;
        if (Matches(last.Start))
        {
            return last.Start;
        }

        // A short landmark would be found in the wrong place.
        if (landmark.Length < LandmarkLength / 2)
        {
            return null;
        }

        var from = Math.Max(0, last.Start - SearchDistance);
        var to = Math.Min(site.Offset, last.Start + SearchDistance + landmark.Length);
        var found = to <= from ? -1 : site.Text.ToString(TextSpan.FromBounds(from, to)).IndexOf(landmark, StringComparison.Ordinal);
        return found < 0 ? null : from + found;

        bool Matches(int start) =>
            start + landmark.Length <= site.Text.Length && site.Text.ToString(new TextSpan(start, landmark.Length)) == landmark;
    }

    private async ValueTask<Cut> CutAsync(CaretSite site, int maxPrefix, CancellationToken cancellationToken)
    {
        var (start, charactersPerToken) = (0, UsualCharactersPerToken);
        var wanted = site.Offset <= maxPrefix * charactersPerToken ? site.Offset : maxPrefix * FreshFill * charactersPerToken;
        for (var attempt = 0; ; attempt++)
        {
            start = SnapToLine(site, Math.Max(0, site.Offset - (int)wanted));
            var tokens = await engine.CountTokensAsync(Slice(site, start, site.Offset), cancellationToken);
            charactersPerToken = Math.Max(0.5, (site.Offset - start) / (double)Math.Max(1, tokens));
            if (tokens <= maxPrefix * FreshFill || (start == 0 && tokens <= maxPrefix) || attempt == 5)
            {
                break;
            }

            wanted = (site.Offset - start) * 0.95 * maxPrefix * FreshFill / tokens;
        }

        var landmark = site.Text.ToString(TextSpan.FromBounds(start, Math.Min(site.Offset, start + LandmarkLength)));
        return new Cut(start, FindAnchor(site, start), landmark, charactersPerToken);
    }

    private async ValueTask<string> CutSuffixAsync(string whole, int maxSuffix, CancellationToken cancellationToken)
    {
        var shown = whole;
        for (var attempt = 0; attempt < 6; attempt++)
        {
            var tokens = await engine.CountTokensAsync(shown, cancellationToken);
            if (tokens <= maxSuffix)
            {
                break;
            }

            var length = (int)(shown.Length * 0.95 * maxSuffix / tokens);
            var lineEnd = shown.LastIndexOf('\n', Math.Max(0, length - 1));
            shown = lineEnd > length / 2 ? shown[..lineEnd] : shown[..AvoidSurrogates(shown, length)];
        }

        return shown;
    }

    /// <summary>The first line start at or after <paramref name="start"/>; the place itself where the caret's line is the only one.</summary>
    private static int SnapToLine(CaretSite site, int start)
    {
        var line = site.Text.Lines.GetLineFromPosition(start);
        if (line.Start == start)
        {
            return start;
        }

        if (line.EndIncludingLineBreak <= site.Offset && line.LineNumber < site.Text.Lines.GetLineFromPosition(site.Offset).LineNumber)
        {
            return line.EndIncludingLineBreak;
        }

        return start > 0 && char.IsLowSurrogate(site.Text[start]) ? start - 1 : start;
    }

    /// <summary>A line start a little above the caret.</summary>
    private static int FindAnchor(CaretSite site, int start)
    {
        const int linesAbove = 3;
        var line = site.Text.Lines.GetLineFromPosition(site.Offset).LineNumber;
        return Math.Max(start, site.Text.Lines[Math.Max(0, line - linesAbove)].Start);
    }

    private static int AvoidSurrogates(string text, int length) =>
        length > 0 && length < text.Length && char.IsHighSurrogate(text[length - 1]) ? length - 1 : length;

    private static string Slice(CaretSite site, int start, int end) => site.Style.ToModel(site.Text.ToString(TextSpan.FromBounds(start, end)));

    private Cut? FindLast(string path)
    {
        lock (_lock)
        {
            return _cuts.GetValueOrDefault(path);
        }
    }

    private void Remember(string path, Cut cut)
    {
        lock (_lock)
        {
            if (_cuts.Count >= MaxDocuments && !_cuts.ContainsKey(path))
            {
                _cuts.Clear();
            }

            _cuts[path] = cut;
        }
    }

    /// <param name="Start">Where the window begins.</param>
    /// <param name="Anchor">Where its tail begins.</param>
    /// <param name="Landmark">The file's text at <paramref name="Start"/>.</param>
    private sealed record Cut(int Start, int Anchor, string Landmark, double CharactersPerToken)
    {
        public SuffixCut? Suffix { get; init; }
    }

    /// <param name="Whole">The text that was cut.</param>
    /// <param name="Shown">What fits of it.</param>
    private sealed record SuffixCut(string Whole, string Shown);
}
