using System.Collections.Immutable;
using GptOss.CodeAssist.CSharpContext.Related.Configuration;
using GptOss.CodeAssist.CSharpContext.Related.Lexical;
using GptOss.CodeAssist.CSharpContext.Related.Semantic;
using GptOss.CodeAssist.CSharpContext.Workspace;

namespace GptOss.CodeAssist.CSharpContext.Related;

/// <summary>Finds what a model should know that the file does not say, from several sources at once: the types in scope, and code that looks alike.</summary>
/// <remarks>
/// Safe from any thread. What one call has bound or looked up, the next finds ready; an answer that the deadline cut short is finished in the
/// background, and is part of the next late answer for the same member.
/// </remarks>
public sealed class RelatedCodeFinder
{
    /// <summary>
    /// Part of the time that is not waited for sources: where all cores are busy it takes some milliseconds until a clock is heard, and .NET's
    /// collections of garbage, which stop everything, take ten where a large project is loaded.
    /// </summary>
    private static readonly TimeSpan KeptForAnswering = TimeSpan.FromMilliseconds(15);

    private readonly CSharpWorkspace _workspace;
    private readonly TimeProvider _time;
    private readonly ImmutableArray<IRelatedSource> _sources;
    private RelatedRequest? _unfinished;
    private Tuple<string, int>? _last;
    private volatile RelatedCode _finished = RelatedCode.None;
    private int _isFinishing;

    public RelatedCodeFinder(CSharpWorkspace workspace, TimeProvider? time = null)
        : this(workspace, [new TypesSource(workspace), new SimilarCodeSource(workspace), new ConfigurationSource(workspace)], time ?? TimeProvider.System)
    {
    }

    internal RelatedCodeFinder(CSharpWorkspace workspace, ImmutableArray<IRelatedSource> sources, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(workspace);
        _workspace = workspace;
        _sources = sources;
        _time = time;
        workspace.Recompiled += LookAgain;
    }

    /// <summary>Ends when nothing is left to the background: neither of a late answer nor for the next keystrokes.</summary>
    internal Task Settled => Task.WhenAll([Finishing, .. _sources.OfType<TypesSource>().Select(source => source.Listing)]);

    /// <summary>Ends when what the last late answer left to the background is done.</summary>
    internal Task Finishing { get; private set; } = Task.CompletedTask;

    /// <summary>Related code for a caret. Gives what is ready when the time is up; a source that fails costs its items and is named with its reason.</summary>
    /// <param name="document">The document.</param>
    /// <param name="caret">Offset in its text, in UTF-16 units.</param>
    /// <param name="deadline">How long it may take.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <exception cref="ArgumentOutOfRangeException">The caret lies beyond the text.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public async Task<RelatedCode> FindAsync(CSharpDocument document, int caret, ContextDeadline deadline, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(document);
        ArgumentNullException.ThrowIfNull(deadline);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(caret, document.Text.Length);
        var start = _time.GetTimestamp();
        var place = CaretPlace.Find(document, caret, cancellationToken);
        if (ContextNeed.FindReasonToSkip(document, caret, place, _workspace, cancellationToken) is { } reason)
        {
            return RelatedCode.None with { SkippedBecause = reason };
        }

        var request = new RelatedRequest(document, caret, place) { IsAhead = deadline.Soft >= ContextDeadline.Patient.Soft };
        Volatile.Write(ref _last, Tuple.Create(document.Path, caret));
        var wasLate = false;
        var related = await RunAsync(request, IsLate, deadline.Hard - KeptForAnswering - _time.GetElapsedTime(start), cancellationToken).ConfigureAwait(false);
        if (ContextNeed.IsKnownToReachNothing(document))
        {
            return RelatedCode.None with { SkippedBecause = ContextNeed.NothingInReach };
        }

        if (!wasLate && related.IsComplete)
        {
            return related;
        }

        FinishInBackground(request with { IsAhead = true });
        var finished = _finished;
        return finished.Scope == related.Scope
            ? related with { Items = [.. related.Items.Concat(finished.Items).DistinctBy(item => item.Key)], IsComplete = false }
            : related with { IsComplete = false };

        bool IsLate()
        {
            if (_time.GetElapsedTime(start) <= deadline.Soft)
            {
                return false;
            }

            return wasLate = true;
        }
    }

    /// <summary>Binds and looks up what a caret here would ask for, so that the first keystroke finds it ready. For opened files and moved carets.</summary>
    public Task WarmUpAsync(CSharpDocument document, int caret, CancellationToken cancellationToken) => FindAsync(document, caret, ContextDeadline.Patient, cancellationToken);

    /// <summary>New symbols know nothing yet; where the caret was is asked about before the next keystroke is.</summary>
    private void LookAgain()
    {
        if (Volatile.Read(ref _last) is (var path, var caret) && _workspace.FindDocument(path) is { } document && caret <= document.Text.Length)
        {
            FinishInBackground(new RelatedRequest(document, caret, CaretPlace.Find(document, caret, CancellationToken.None)) { IsAhead = true });
        }
    }

    private async Task<RelatedCode> RunAsync(RelatedRequest request, Func<bool> isLate, TimeSpan limit, CancellationToken cancellationToken)
    {
        using var waiting = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var timeIsUp = Task.Delay(limit > TimeSpan.Zero ? limit : TimeSpan.Zero, _time, waiting.Token);
        var runs = _sources.Select(source => SourceRun.Start(source, request, isLate, _time, cancellationToken)).ToList();
        var all = Task.WhenAll(runs.Select(run => run.Ended));
        await Task.WhenAny(all, timeIsUp).ConfigureAwait(false);
        await waiting.CancelAsync().ConfigureAwait(false);
        cancellationToken.ThrowIfCancellationRequested();
        var isComplete = all.IsCompleted;
        return new RelatedCode([.. runs.SelectMany(run => run.Items).DistinctBy(item => item.Key)], [.. runs.Select(run => run.Report())], isComplete) { Scope = request.Scope };
    }

    /// <summary>One at a time, and of those that wait only the newest: a slow machine must not fall behind its user.</summary>
    private void FinishInBackground(RelatedRequest request)
    {
        Volatile.Write(ref _unfinished, request);
        if (Interlocked.Exchange(ref _isFinishing, 1) == 0)
        {
            Finishing = FinishAsync();
        }
    }

    private async Task FinishAsync()
    {
        while (Interlocked.Exchange(ref _unfinished, null) is { } request)
        {
            var start = _time.GetTimestamp();
            var related = await RunAsync(request, () => _time.GetElapsedTime(start) > ContextDeadline.Patient.Soft, ContextDeadline.Patient.Hard, CancellationToken.None).ConfigureAwait(false);
            _finished = related;
        }

        Volatile.Write(ref _isFinishing, 0);
        if (Volatile.Read(ref _unfinished) is { } late)
        {
            FinishInBackground(late);
        }
    }
}
