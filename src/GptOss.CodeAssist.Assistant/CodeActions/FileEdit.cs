using System.Collections.Immutable;
using Microsoft.CodeAnalysis.Text;

namespace GptOss.CodeAssist.Assistant.CodeActions;

/// <summary>The changes to one file, the smallest that make its new text.</summary>
/// <param name="Path">Full path.</param>
/// <param name="OldText">Null for a file that does not exist yet.</param>
/// <param name="NewText">The whole new text.</param>
/// <param name="Changes">Spans in the old text, from first to last, none overlapping.</param>
public sealed record FileEdit(string Path, SourceText? OldText, SourceText NewText, ImmutableArray<TextChange> Changes)
{
    public static FileEdit Between(string path, SourceText oldText, SourceText newText) => new(path, oldText, newText, MinimalChanges.Between(oldText, newText));

    public static FileEdit NewFile(string path, SourceText text) => new(path, null, text, [new TextChange(default, text.ToString())]);
}
