using System.Collections.Immutable;
using DiffPlex;
using DiffPlex.Chunkers;
using Microsoft.CodeAnalysis.Text;

namespace GptOss.CodeAssist.Assistant.CodeActions;

/// <summary>The small changes that turn one text into another, so that an editor keeps its marks, folds and caret.</summary>
internal static class MinimalChanges
{
    public static ImmutableArray<TextChange> Between(SourceText oldText, SourceText newText)
    {
        var diff = Differ.Instance.CreateDiffs(oldText.ToString(), newText.ToString(), ignoreWhiteSpace: false, ignoreCase: false, new LineEndingsPreservingChunker());
        var (oldStarts, newStarts) = (StartsOf(diff.PiecesOld), StartsOf(diff.PiecesNew));
        return [.. diff.DiffBlocks.Select(block => Trim(
            oldText,
            TextSpan.FromBounds(oldStarts[block.DeleteStartA], oldStarts[block.DeleteStartA + block.DeleteCountA]),
            newText.ToString(TextSpan.FromBounds(newStarts[block.InsertStartB], newStarts[block.InsertStartB + block.InsertCountB]))))];
    }

    /// <summary>Leaves out what the old and the new text of one block begin and end with alike, never half a character.</summary>
    private static TextChange Trim(SourceText oldText, TextSpan span, string replacement)
    {
        var old = oldText.ToString(span);
        var most = Math.Min(old.Length, replacement.Length);
        var start = 0;
        while (start < most && old[start] == replacement[start])
        {
            start++;
        }

        start -= start > 0 && char.IsHighSurrogate(old[start - 1]) ? 1 : 0;
        var end = 0;
        while (end < most - start && old[^(end + 1)] == replacement[^(end + 1)])
        {
            end++;
        }

        end -= end > 0 && char.IsLowSurrogate(old[^end]) ? 1 : 0;
        // A carriage return and its line feed are one line ending to every editor.
        end -= end > 0 && old[^end] == '\n' && (end < old.Length && old[^(end + 1)] == '\r' || end < replacement.Length && replacement[^(end + 1)] == '\r') ? 1 : 0;
        return new TextChange(new TextSpan(span.Start + start, old.Length - start - end), replacement[start..^end]);
    }

    private static int[] StartsOf(IReadOnlyList<string> pieces)
    {
        var starts = new int[pieces.Count + 1];
        for (var index = 0; index < pieces.Count; index++)
        {
            starts[index + 1] = starts[index] + pieces[index].Length;
        }

        return starts;
    }
}
