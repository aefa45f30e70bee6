using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Text;

namespace GptOss.CodeAssist.CSharpContext.Workspace;

/// <summary>An open file: the editor's text and its tree, parsed from the one before.</summary>
internal sealed record OverlayDocument(SourceText Text, SyntaxTree Tree)
{
    public static OverlayDocument Open(string path, SourceText text, CSharpParseOptions options) => new(text, CSharpSyntaxTree.ParseText(text, options, path));

    /// <summary>The newer text as one change of this one, so that the parser keeps what the change does not touch.</summary>
    public OverlayDocument WithText(SourceText text)
    {
        if (ReferenceEquals(text, Text) || text.ContentEquals(Text))
        {
            return this;
        }

        var changed = Text.WithChanges(DifferenceFrom(Text, text));
        return new OverlayDocument(changed, Tree.WithChangedText(changed));
    }

    /// <summary>The tree under a project's options; files are opened before their project is known.</summary>
    public SyntaxTree TreeFor(CSharpParseOptions options) => Tree.Options.Equals(options) ? Tree : CSharpSyntaxTree.ParseText(Text, options, Tree.FilePath);

    private static TextChange DifferenceFrom(SourceText old, SourceText text)
    {
        var shorter = Math.Min(old.Length, text.Length);
        var before = old.ToString();
        var after = text.ToString();
        var start = before.AsSpan().CommonPrefixLength(after);
        var end = 0;
        while (end < shorter - start && before[^(end + 1)] == after[^(end + 1)])
        {
            end++;
        }

        return new TextChange(TextSpan.FromBounds(start, old.Length - end), after[start..(after.Length - end)]);
    }
}
