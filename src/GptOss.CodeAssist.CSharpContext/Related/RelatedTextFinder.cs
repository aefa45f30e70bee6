using GptOss.CodeAssist.CSharpContext.Related.Lexical;
using GptOss.CodeAssist.CSharpContext.Workspace;
using Microsoft.CodeAnalysis.Text;

namespace GptOss.CodeAssist.CSharpContext.Related;

/// <summary>Related text for a caret in a language that no compiler here understands: pieces of the workspace's files of that language that look alike.</summary>
/// <remarks>Safe from any thread. The first question about a language begins its index, and gets an empty answer that says so where that takes longer than it has.</remarks>
public sealed class RelatedTextFinder(CSharpWorkspace workspace, TimeProvider? time = null)
{
    private const string Source = "similar text";

    private readonly TimeProvider _time = time ?? TimeProvider.System;

    /// <summary>Ends when every file of a file's language has been indexed.</summary>
    public Task PrepareAsync(string path) => workspace.TextIndexes.Find(path);

    /// <summary>Related text for a caret. Gives nothing, with the reason, while the index is made and when the time is up.</summary>
    /// <param name="path">Full path of the file; may be unsaved.</param>
    /// <param name="text">Its text.</param>
    /// <param name="caret">Offset in the text, in UTF-16 units.</param>
    /// <param name="deadline">How long it may take.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <exception cref="ArgumentOutOfRangeException">The caret lies beyond the text.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public async Task<RelatedCode> FindAsync(string path, SourceText text, int caret, ContextDeadline deadline, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(deadline);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(caret, text.Length);
        var full = Path.GetFullPath(path);
        if (!workspace.Filter.MayRead(full))
        {
            return RelatedCode.None with { SkippedBecause = "The file is hidden by an ignore file or holds secrets." };
        }

        var start = _time.GetTimestamp();
        var indexing = workspace.TextIndexes.Find(full);
        try
        {
            await indexing.WaitAsync(deadline.Hard, _time, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            return Nothing("The files of this language are being indexed.");
        }
        catch (Exception exception) when (exception is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            return Nothing($"The files of this language could not be indexed: {exception.Message}");
        }

        var index = await indexing.ConfigureAwait(false);
        var searching = Task.Run(() => Search(index, full, text, caret, () => _time.GetElapsedTime(start) > deadline.Soft, cancellationToken), cancellationToken);
        try
        {
            var items = await searching.WaitAsync(deadline.Hard, _time, cancellationToken).ConfigureAwait(false);
            return new RelatedCode([.. items], [new SourceTiming(Source, _time.GetElapsedTime(start).TotalMilliseconds, items.Count)], _time.GetElapsedTime(start) <= deadline.Soft) { Scope = full };
        }
        catch (TimeoutException)
        {
            return Nothing("It was not ready in time.");
        }

        RelatedCode Nothing(string problem) => RelatedCode.None with { Sources = [new SourceTiming(Source, _time.GetElapsedTime(start).TotalMilliseconds, 0, problem)], IsComplete = false, Scope = full };
    }

    private IReadOnlyList<RelatedItem> Search(LexicalIndex index, string path, SourceText text, int caret, Func<bool> isLate, CancellationToken cancellationToken)
    {
        workspace.TextIndexes.Refresh(index, path);
        var inFile = new Dictionary<string, int>(StringComparer.Ordinal);
        var content = text.ToString();
        foreach (var range in Words.Find(content))
        {
            inFile.TryAdd(content[range], range.Start.Value);
        }

        var (snippets, vocabulary) = SimilarCode.Find(index, text, path, caret, inFile, [], [], word => index.FrequencyOf(word) > 1, _ => 0, isLate, cancellationToken);
        return vocabulary.Count == 0 ? snippets : [.. snippets, new RelatedItem(RelatedKind.Vocabulary, "names", string.Empty, "names used in similar text", 0.5, "see also:", [.. vocabulary], null)];
    }
}
