using CsCheck;
using GptOss.CodeAssist.Assistant.CodeActions;
using Microsoft.CodeAnalysis.Text;

namespace GptOss.CodeAssist.Assistant.Tests.CodeActions;

public sealed class MinimalChangesTests
{
    [Fact]
    public void The_changes_turn_any_text_into_any_other()
    {
        var line = Gen.Int[0, 5].Select(kind => new[] { "a;\n", "b;\r\n", "  c\n", "👋x\n", "\r\n", "👍x" }[kind]);
        var text = line.Array[0, 12].Select(string.Concat);
        Gen.Select(text, text).Sample((from, to) =>
        {
            var changes = MinimalChanges.Between(SourceText.From(from), SourceText.From(to));
            var inOrder = changes.Zip(changes.Skip(1)).All(pair => pair.First.Span.End <= pair.Second.Span.Start);
            var whole = changes.All(change => IsBoundary(from, change.Span.Start) && IsBoundary(from, change.Span.End));
            return inOrder && whole && SourceText.From(from).WithChanges(changes).ToString() == to;
        });
    }

    [Theory]
    [InlineData("one\ntwo\nthree\n", "one\n2\nthree\n", "[4..7) 2")]
    [InlineData("a\r\nb\r\n", "a\r\nx\r\nb\r\n", "[3..3) x\r\n")]
    [InlineData("same", "same", "")]
    public void The_changes_are_small(string from, string to, string expected)
    {
        var changes = MinimalChanges.Between(SourceText.From(from), SourceText.From(to));

        Assert.Equal(expected, string.Join('|', changes.Select(change => $"{change.Span} {change.NewText}")));
    }

    private static bool IsBoundary(string text, int at) =>
        at == 0 || at == text.Length || (!char.IsLowSurrogate(text[at]) && (text[at - 1], text[at]) != ('\r', '\n'));
}
