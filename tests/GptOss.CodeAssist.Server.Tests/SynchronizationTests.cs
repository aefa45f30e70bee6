using System.Text;
using CsCheck;
using GptOss.CodeAssist.Assistant;
using GptOss.CodeAssist.Protocol;
using Microsoft.CodeAnalysis.Text;

namespace GptOss.CodeAssist.Server.Tests;

public sealed class SynchronizationTests
{
    private static readonly Gen<string> Fragments = Gen.OneOf(
        Gen.Const("\r\n"), Gen.Const("\n"), Gen.Const("\r"), Gen.Const("\u2028"), Gen.Const("\u2029"), Gen.Const("\u0085"), Gen.Const("\f"),
        Gen.Const("😀"), Gen.Const("é"), Gen.Const("\ud83d"), Gen.Const(""), Gen.String[Gen.Char['a', 'e'], 0, 6]);

    private static readonly Gen<string> Texts = Fragments.Array[0, 12].Select(string.Concat);

    [Fact]
    public void Random_edits_give_the_text_that_a_naive_editor_has()
    {
        var edits = Gen.Select(Gen.Int[0, 20], Gen.Int[0, 12], Gen.Int[0, 20], Gen.Int[0, 12], Texts).Array[0, 15];
        Gen.Select(Texts, edits).Sample((text, edits) =>
        {
            var document = Open(text);
            var naive = text;
            var version = 1;
            foreach (var (startLine, startCharacter, endLine, endCharacter, replacement) in edits)
            {
                var (start, end) = (At(startLine, startCharacter), At(endLine, endCharacter));
                document = ProtocolConversions.Apply(document, ++version, [new TextDocumentContentChange { Range = new TextRange { Start = start, End = end }, Text = replacement }]);
                var (from, to) = (NaiveOffset(naive, start), NaiveOffset(naive, end));
                naive = naive[..Math.Min(from, to)] + replacement + naive[Math.Max(from, to)..];
                Assert.Equal(naive, document.Document.Text.ToString());
                Assert.Equal(version, document.Document.Version);
            }

            Assert.Equal(NaiveLines(naive), Enumerable.Range(0, document.Lines.Count).Select(line => (document.Lines.GetStart(line), document.Lines.GetEnd(line))));
        });
    }

    [Fact]
    public void A_position_and_its_offset_are_each_others_inverse() => Texts.Sample(text =>
    {
        var document = Open(text);
        foreach (var (line, (start, end)) in NaiveLines(text).Index())
        {
            for (var offset = start; offset <= end; offset++)
            {
                var position = ProtocolConversions.ToProtocol(document, offset);
                Assert.Equal(At(line, offset - start), position);
                Assert.Equal(offset, ProtocolConversions.GetOffset(document, position));
            }
        }
    });

    [Fact]
    public void A_line_break_across_the_borders_of_a_long_text_is_one_line_break()
    {
        // Longer than the buffer that the index reads with, with a break at every place around its borders.
        for (var length = 16380; length < 16390; length++)
        {
            var text = new StringBuilder().Append('x', length).Append("\r\n").Append('y', length).Append("\r\r\n\n").Append('z', 20000).Append('\r').ToString();
            var lines = Open(text).Lines;
            Assert.Equal(NaiveLines(text), Enumerable.Range(0, lines.Count).Select(line => (lines.GetStart(line), lines.GetEnd(line))));
        }
    }

    [Theory]
    [InlineData("file:///home/me/a%20b.cs", "/home/me/a b.cs")]
    [InlineData("untitled:Untitled-1", "Untitled-1")]
    [InlineData("git:/home/me/a.cs?%7B%7D", "/home/me/a.cs")]
    [InlineData("not a uri", "not a uri")]
    public void A_uri_becomes_a_path(string uri, string path) => Assert.Equal(path, ProtocolConversions.GetPath(uri));

    private static OpenDocument Open(string text) => new("file:///a.cs", new DocumentSnapshot("/a.cs", "csharp", 1, SourceText.From(text)));

    private static Position At(int line, int character) => new() { Line = line, Character = character };

    private static int NaiveOffset(string text, Position position)
    {
        var lines = NaiveLines(text);
        return position.Line >= lines.Count ? text.Length : Math.Min(lines[position.Line].Start + position.Character, lines[position.Line].End);
    }

    private static List<(int Start, int End)> NaiveLines(string text)
    {
        var (lines, start) = (new List<(int, int)>(), 0);
        for (var at = 0; at < text.Length; at++)
        {
            if (text[at] is '\r' or '\n')
            {
                lines.Add((start, at));
                at += text[at] == '\r' && at + 1 < text.Length && text[at + 1] == '\n' ? 1 : 0;
                start = at + 1;
            }
        }

        lines.Add((start, text.Length));
        return lines;
    }
}
